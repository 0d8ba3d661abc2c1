import Isolation
import Logging
import Testing
import Timestamps

@testable import Warnbell

struct LineLogHandlerTests {
    /// What a logger wrote.
    private final class Written: Sendable {
        private let bytes = Locked<[UInt8]>([])

        func append(_ more: [UInt8]) { bytes.withLock { $0 += more } }

        var lines: [String] {
            String(decoding: bytes.withLock { $0 }, as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }

    private func logger(_ format: LineLogHandler.Format, level: Logger.Level, _ written: Written) -> Logger {
        Logger(label: "warnbell") { _ in
            LineLogHandler(level: level, format: format, now: { Timestamp(seconds: 0) }, write: written.append)
        }
    }

    @Test("Messages below the level are left out; facts of logger, error and message are joined, the nearest first")
    func text() {
        let written = Written()
        var logger = logger(.text, level: .notice, written)
        logger[metadataKey: LogKey.sink.rawValue] = "misp"
        logger[metadataKey: LogKey.alerts.rawValue] = "1"
        logger.info("unseen")
        logger.notice("delivery failed", metadata: .facts([.alerts: "2", .reason: "no answer"]))
        logger.error("gone", error: CancellationError())
        #expect(
            written.lines == [
                "1970-01-01T00:00:00.000Z notice   delivery failed alerts=2 reason=\"no answer\" sink=misp",
                "1970-01-01T00:00:00.000Z error    gone alerts=1 error=CancellationError() sink=misp",
            ])
    }

    @Test("The format is as configured, and by default fits who reads along")
    func formats() {
        let written = Written()
        logger(.json, level: .trace, written).trace("hello", metadata: .facts([.alerts: "8787"]))
        #expect(
            written.lines == [
                #"{"time":"1970-01-01T00:00:00.000Z","level":"trace","message":"hello","alerts":"8787"}"#
            ])

        var log = Configuration.Log()
        #expect(LineLogHandler(log, isTerminal: true).format == .text)
        #expect(LineLogHandler(log, isTerminal: false).format == .json)
        log.format = .text
        #expect(LineLogHandler(log, isTerminal: false).format == .text)
        log.format = .json
        log.level = .debug
        #expect(LineLogHandler(log, isTerminal: true).format == .json)
        #expect(LineLogHandler(log, isTerminal: true).logLevel == .debug)
    }
}
