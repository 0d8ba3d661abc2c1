import Glibc

/// Writes to standard error.
enum StandardError {
    /// Writes a line, for a person at the command line; what a running receiver has to say goes to its log.
    static func write(_ line: String) {
        write(Array((line + "\n").utf8))
    }

    /// Writes all bytes in one go, so that lines of several threads do not mix.
    ///
    /// Whatever can't be written is lost: there is no other place to complain.
    static func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Whether a person is likely to be reading along.
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
