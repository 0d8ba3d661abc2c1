import IPAddresses
import JSON
import Pipeline
import Timestamps

/// The answer to a ``FlowSearch``: records by both endpoints, and where the next page begins.
struct FlowPage: Sendable {
    let records: [FlowRecord]

    /// What to ask the next page with; nil after the last one.
    let after: Query?

    /// Sums over all pages; on the first page only.
    let totals: Totals?

    /// Why the page may lack something, in words.
    let incomplete: [String]

    struct Totals: Sendable, Equatable {
        var records = 0
        var sent = FlowFindings.Volume()
        var received = FlowFindings.Volume()
        var first: Timestamp?
        var last: Timestamp?

        /// Adds the sums over other records.
        mutating func add(_ other: Totals) {
            records += other.records
            sent += other.sent
            received += other.received
            first = earlier(first, other.first)
            last = later(last, other.last)
        }
    }

    /// The parts of a group's key, in the order they are sorted by.
    static func keys(_ fields: IndexFields) -> [(name: String, field: String)] {
        let ends = [
            ("s", fields.source.address), ("d", fields.destination.address), ("sp", fields.source.port),
            ("dp", fields.destination.port),
        ].compactMap { name, field in field.map { (name, $0) } }
        return ends + fields.transport.enumerated().map { ("t\($0)", $1) }
    }

    /// What is summed up, by the name the sum has in the answer.
    static func sums(_ fields: IndexFields) -> [String: String] {
        [
            "sb": fields.source.bytes, "spk": fields.source.packets, "db": fields.destination.bytes,
            "dpk": fields.destination.packets,
        ].compactMapValues { $0 }
    }

    init(records: [FlowRecord], after: Query?, totals: Totals?, incomplete: [String]) {
        self.records = records
        self.after = after
        self.totals = totals
        self.incomplete = incomplete
    }

    /// Nil for a value that is no answer to the search.
    init?(_ answer: JSONValue, to search: FlowSearch, pageSize: Int) {
        let incomplete = Self.shortcomings(answer, search)
        guard let aggregations = answer["aggregations"] else {
            // Without a single shard there is nothing to aggregate.
            guard answer["_shards"]?["total"]?.int == 0 else { return nil }
            self.init(records: [], after: nil, totals: nil, incomplete: incomplete)
            return
        }
        guard let buckets = aggregations["c"]?["buckets"], buckets.kind == .array else { return nil }
        let groups = buckets.elements
        let reader = BucketReader(fields: search.fields)
        self.init(
            records: groups.compactMap(reader.record),
            after: groups.count < pageSize ? nil : aggregations["c"]?["after_key"].map(Query.init),
            totals: aggregations["tot"].map(reader.totals), incomplete: incomplete)
    }

    private static func shortcomings(_ answer: JSONValue, _ search: FlowSearch) -> [String] {
        var shortcomings: [String] = []
        let total = answer["_shards"]?["total"]?.int ?? 0
        let failed = answer["_shards"]?["failed"]?.int ?? 0
        if total == 0 { shortcomings.append(Self.noIndex(search.indices)) }
        if failed > 0 {
            let reason = answer.value(at: "_shards.failures.reason.reason")?.string.map { ": \(ServerText.line($0))" }
            shortcomings.append("\(failed) of \(total) shards failed\(reason ?? "")")
        }
        if answer["timed_out"]?.bool == true { shortcomings.append("the search ran out of time") }
        return shortcomings
    }

    /// That no index matched, which is not the same as no flows.
    static func noIndex(_ indices: [String]) -> String {
        "no index matched \(indices.joined(separator: ","))"
    }
}
