import Logging
import Timestamps

/// Writes one line for each message.
struct LineLogHandler: LogHandler {
    enum Format: Sendable { case text, json }

    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    let format: Format
    private let now: @Sendable () -> Timestamp
    private let write: @Sendable ([UInt8]) -> Void

    /// - Parameter write: takes whole lines, from any thread.
    init(
        level: Logger.Level, format: Format, now: @escaping @Sendable () -> Timestamp = Timestamp.now,
        write: @escaping @Sendable ([UInt8]) -> Void
    ) {
        logLevel = level
        self.format = format
        self.now = now
        self.write = write
    }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var facts = metadata
        if let provided = metadataProvider?.get() { facts.merge(provided) { $1 } }
        if let error = event.error { facts[LogKey.error.rawValue] = "\(error)" }
        if let given = event.metadata { facts.merge(given) { $1 } }
        let line = LogLine(time: now(), level: event.level, message: "\(event.message)", facts: facts)
        write(Array(((format == .json ? line.json : line.text) + "\n").utf8))
    }
}

extension LineLogHandler {
    /// The handler that a configuration asks for, on standard error.
    init(_ configuration: Configuration.Log, isTerminal: Bool = StandardError.isTerminal) {
        let format: Format =
            switch configuration.format {
            case .auto: isTerminal ? .text : .json
            case .text: .text
            case .json: .json
            }
        self.init(level: configuration.level, format: format) { StandardError.write($0) }
    }
}
