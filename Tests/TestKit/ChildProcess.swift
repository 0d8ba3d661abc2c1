import Glibc

/// A command that a test runs, with its standard output at hand.
///
/// Foundation's own starts children with the signal mask of a Dispatch thread, under which they never see a SIGTERM,
/// and hands every open descriptor down to them.
package final class ChildProcess: Sendable {
    private let process: pid_t
    private let output: Int32

    /// Starts a command, found along PATH, with no standard input; its standard error goes to the end of a file or nowhere.
    ///
    /// It has the caller's environment but for what configures Warnbell: a test must not reach a MISP that whoever
    /// runs it has set.
    package init(_ command: [String], environment: [String: String] = [:], errors: String? = nil) throws {
        var pipe: [Int32] = [0, 0]
        guard Glibc.pipe(&pipe) == 0 else { throw Socket.Failure(call: "pipe", code: errno) }
        defer { close(pipe[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, pipe[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, errors ?? "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        // Closing what is not open is no failure here.
        for descriptor in 3..<min(1024, Int32(sysconf(Int32(_SC_OPEN_MAX)))) {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        process = try Self.spawn(command, environment, &actions)
        output = pipe[0]
    }

    deinit { close(output) }

    package var id: Int32 { process }

    package func signal(_ number: Int32) {
        kill(process, number)
    }

    /// Waits for the end; the exit status, or 128 and the number of the signal that ended it. To be called once.
    @discardableResult
    package func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
    }

    /// The next line of the output without its end; nil when there is none any more.
    package func readLine() -> String? {
        var line: [UInt8] = []
        while let byte = read(1)?.first {
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
    }

    /// All the rest of the output.
    package func readToEnd() -> [UInt8] {
        var bytes: [UInt8] = []
        while let more = read(65_536) { bytes += more }
        return bytes
    }

    private func read(_ count: Int) -> [UInt8]? {
        while true {
            var result = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
                result = Glibc.read(output, buffer.baseAddress, buffer.count)
                initialized = max(0, result)
            }
            if result > 0 { return bytes }
            guard result < 0 && errno == EINTR else { return nil }
        }
    }

    private static func spawn(
        _ command: [String], _ changes: [String: String], _ actions: inout posix_spawn_file_actions_t
    ) throws -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        var arguments = command.map { strdup($0) } + [nil]
        var variables = inherited(with: changes).map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var process: pid_t = 0
        let code = posix_spawnp(&process, command[0], &actions, &attributes, &arguments, &variables)
        guard code == 0 else { throw Socket.Failure(call: command[0], code: code) }
        return process
    }

    private static func inherited(with changes: [String: String]) -> [String: String] {
        var variables: [String: String] = [:]
        var next = environ
        while let text = next.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            variables[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
            next += 1
        }
        let prefixes = ["WARNBELL_", "MISP_", "ES_"]
        return variables.filter { variable in !prefixes.contains { variable.key.hasPrefix($0) } }
            .merging(changes) { $1 }
    }
}
