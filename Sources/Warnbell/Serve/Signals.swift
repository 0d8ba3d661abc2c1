import Dispatch
import Glibc

/// The signals that concern the service.
enum Signals {
    /// SIGTERM and SIGINT, one element each time one comes; they no longer end the process by themselves.
    static func endings() -> AsyncStream<Int32> { stream(of: [SIGTERM, SIGINT]) }

    /// SIGHUP, which asks for the configuration to be read again; it no longer ends the process.
    static func hangups() -> AsyncStream<Int32> { stream(of: [SIGHUP]) }

    /// A write that is not done says so by its result. At a limit of the size of files, or to a peer that has gone, a
    /// signal would end the process instead.
    static func ignoreFailedWrites() {
        for number in [SIGXFSZ, SIGPIPE] { signal(number, SIG_IGN) }
    }

    private static func stream(of numbers: [Int32]) -> AsyncStream<Int32> {
        AsyncStream { continuation in
            for number in numbers {
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                // The handler holds its source: it lives as long as the process.
                source.setEventHandler { withExtendedLifetime(source) { _ = continuation.yield(number) } }
                source.resume()
            }
        }
    }
}
