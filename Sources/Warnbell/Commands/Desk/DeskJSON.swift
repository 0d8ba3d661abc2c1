import FoundationEssentials
import Journal
import Pipeline
import Timestamps

/// What the commands beside the server print for programs: names in snake case, times as RFC 3339.
enum DeskJSON {
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

/// A dead letter for a program.
struct DeadLetterJSON: Encodable {
    let id: Int64
    let when: String
    let sink: String
    let source: String
    let alerts: Int
    let reason: String

    init(_ letter: DeadLetter) {
        id = letter.id
        when = letter.died.iso8601
        sink = letter.sink
        source = "\(letter.source)"
        alerts = letter.alerts
        reason = letter.reason
    }
}

extension ConfigurationOptions {
    /// The journal of the data directory, to look into.
    func journalReader() throws -> JournalReader {
        let configuration = try load().configuration
        try DeskRequest.checkMode(configuration)
        return try JournalReader(in: configuration.data.directory)
    }
}
