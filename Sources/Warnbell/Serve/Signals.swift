import Dispatch
import Glibc

/// The signals that concern the service.
enum Signals {
    /// SIGTERM, SIGINT and SIGHUP, one element each time one comes; they no longer end the process by themselves.
    ///
    /// To be called once. Whatever comes after that is told: a handler writes it to a pipe, where it waits for its
    /// reader.
    static func arrivals() -> AsyncStream<Int32> {
        let pipe = Self.pipe
        for number in [SIGTERM, SIGINT, SIGHUP] {
            signal(number) { number in
                let before = errno
                var byte = UInt8(truncatingIfNeeded: number)
                _ = unsafe write(Signals.pipe.write, &byte, 1)
                errno = before
            }
        }
        return AsyncStream { continuation in
            let source = DispatchSource.makeReadSource(fileDescriptor: pipe.read, queue: .global())
            // The handler holds its source: it lives as long as the process.
            source.setEventHandler {
                withExtendedLifetime(source) {
                    var byte: UInt8 = 0
                    while unsafe read(pipe.read, &byte, 1) == 1 { continuation.yield(Int32(byte)) }
                }
            }
            source.resume()
        }
    }

    /// A write that is not done says so by its result. At a limit of the size of files, or to a peer that has gone, a
    /// signal would end the process instead.
    static func ignoreFailedWrites() {
        for number in [SIGXFSZ, SIGPIPE] { signal(number, SIG_IGN) }
    }

    /// From the handlers to their reader; made before the first handler is there. A handler may not wait: where thousands
    /// of signals are unread, more of them change nothing.
    private static let pipe: (read: Int32, write: Int32) = {
        var ends: [Int32] = [-1, -1]
        guard unsafe Glibc.pipe(&ends) == 0 else { preconditionFailure("pipe: errno \(errno)") }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        return (ends[0], ends[1])
    }()
}
