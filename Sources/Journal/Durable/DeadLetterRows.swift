import GRDB
import Pipeline
import Timestamps

/// The `dead_letters` table: deliveries that a sink refused for good.
enum DeadLetterRows {
    static func insert(
        _ delivery: EncodedDelivery, reason: String, at moment: Timestamp, into database: Database
    ) throws {
        try database.execute(
            sql: """
                INSERT INTO dead_letters (sink, source, died, reason, alerts, content, body)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                delivery.sink, delivery.source, moment.milliseconds, reason, delivery.alerts, delivery.content,
                delivery.body,
            ])
    }
}
