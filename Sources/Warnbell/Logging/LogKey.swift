import Logging

/// The names of the facts in log lines. One list, so that one thing has one name in every line.
enum LogKey: String, CaseIterable, Sendable {
    case actor
    case alerts
    case argument
    case command
    case decision
    case error
    case event
    case file
    case key
    case line
    case outcome
    case peer
    case reason
    case rejected
    case retryAfter = "retry_after"
    case ruleID = "rule_id"
    case seconds
    case sink
    case source
    case sources
    case status
    case suppressed
    case token
    case undelivered
    case url
    case version
}

extension Logger.Metadata {
    /// Facts for a log line: `logger.info("delivery confirmed", metadata: .facts([.sink: "misp"]))`.
    static func facts(_ facts: [LogKey: Logger.MetadataValue]) -> Logger.Metadata {
        Logger.Metadata(uniqueKeysWithValues: facts.map { ($0.key.rawValue, $0.value) })
    }
}
