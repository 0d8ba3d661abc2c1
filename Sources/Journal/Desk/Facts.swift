import FoundationEssentials
import GRDB
package import Timestamps

/// That nothing is shared until a person says so: who paused it, and why.
package struct Pause: Sendable, Codable, Equatable {
    package let since: Timestamp
    package let actor: String
    package let reason: String?

    package init(since: Timestamp, actor: String, reason: String?) {
        self.since = since
        self.actor = actor
        self.reason = reason
    }
}

/// That a sink is left alone for a while, after failures.
package struct SinkRest: Sendable, Codable, Equatable {
    package let reason: String
    /// When it is tried again.
    package let until: Timestamp

    package init(reason: String, until: Timestamp) {
        self.reason = reason
        self.until = until
    }
}

/// The `facts` table: one JSON value a name.
enum FactRows {
    static let pause = "pause"

    static func rest(of sink: String) -> String { restPrefix + sink }

    private static let restPrefix = "rest of "

    static func value<Value: Decodable>(_ type: Value.Type, of name: String, from database: Database) throws -> Value? {
        try Data.fetchOne(database, sql: "SELECT value FROM facts WHERE name = ?", arguments: [name])
            .map { try JSONColumn.decode(type, from: $0) }
    }

    /// - Parameter value: nil for a fact that is none any more.
    static func set(_ value: (some Encodable)?, of name: String, in database: Database) throws {
        guard let value else {
            return try database.execute(sql: "DELETE FROM facts WHERE name = ?", arguments: [name])
        }
        try database.run(
            "INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)", .text(name),
            .data(try JSONColumn.encode(value)))
    }

    /// No sink is left alone.
    static func removeRests(in database: Database) throws {
        try database.execute(sql: "DELETE FROM facts WHERE name LIKE ?", arguments: [restPrefix + "%"])
    }
}
