import Dispatch
import Glibc

/// The signals that concern the service.
enum Signals {
    /// SIGTERM and SIGINT, one element each time one comes; they no longer end the process by themselves.
    static func endings() -> AsyncStream<Int32> {
        AsyncStream { continuation in
            for number in [SIGTERM, SIGINT] {
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                // The handler holds its source: it lives as long as the process.
                source.setEventHandler { withExtendedLifetime(source) { _ = continuation.yield(number) } }
                source.resume()
            }
        }
    }

    /// A peer that has gone is told by the call that writes to it, not by a signal.
    static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }
}
