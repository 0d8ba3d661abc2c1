import FoundationEssentials
import IPAddresses
import JSON
import Timestamps

/// The question what some indices hold of one address, page by page.
///
/// The records are grouped by both addresses, protocol and both ports: with less, a reply cannot be told from a call.
/// Written in what Elasticsearch 7 to 9 and OpenSearch 1 to 3 have in common.
struct FlowSearch: Sendable {
    let address: IPAddress
    let fields: IndexFields

    /// Names or patterns of indices.
    let indices: [String]

    let window: Range<Timestamp>

    /// Where the page before ended; nil for the first page.
    var after: Query?

    /// Pages read so far.
    var pages = 0

    /// What else the search is told: how many groups a page has, how long a shard may take.
    struct Bounds: Sendable {
        var pageSize: Int
        var timeout: Duration
    }

    func body(_ bounds: Bounds) -> Query {
        var aggregations: [String: Query] = ["c": conversations(bounds)]
        // Exact sums, for an answer with more pages than are read.
        if after == nil { aggregations["tot"] = totals }
        return [
            "size": 0, "track_total_hits": false, "timeout": .string("\(bounds.timeout.milliseconds)ms"),
            "query": ["bool": ["filter": .array(filters)]], "aggs": .object(aggregations),
        ]
    }

    private var filters: [Query] {
        let sides: [Query] = [term(fields.source), term(fields.destination)]
        return [
            ["range": .object([fields.time.field.path: range])],
            exists(fields.source.address), exists(fields.destination.address),
            anyOf(fields.transport.map(exists)), anyOf(fields.counters.map(exists)), anyOf(sides),
        ]
    }

    private func exists(_ field: String) -> Query {
        ["exists": ["field": .string(field)]]
    }

    private func anyOf(_ queries: [Query]) -> Query {
        queries.count == 1 ? queries[0] : ["bool": ["should": .array(queries), "minimum_should_match": 1]]
    }

    /// The window in whole minutes, so that the same question soon after is the same text, which shards cache by.
    private var range: Query {
        let minute: Int64 = 60_000
        let (start, end) = (window.lowerBound.milliseconds, window.upperBound.milliseconds)
        let first = Timestamp(milliseconds: start - start % minute)
        let past = Timestamp(milliseconds: end + (minute - end % minute) % minute)
        guard fields.time.isDate else {
            return ["gte": .int(fields.time.field.count(first)), "lt": .int(fields.time.field.count(past))]
        }
        return [
            "gte": .string(first.iso8601), "lt": .string(past.iso8601), "format": "strict_date_optional_time",
        ]
    }

    private func term(_ endpoint: IndexFields.Endpoint) -> Query {
        ["term": .object([endpoint.address: .string("\(address)")])]
    }

    /// By direction; a record from the address to itself counts as sent.
    private var totals: Query {
        [
            "filters": [
                "filters": [
                    "fwd": term(fields.source),
                    "rev": ["bool": ["filter": term(fields.destination), "must_not": term(fields.source)]],
                ]
            ],
            "aggs": .object(sums.merging(times) { $1 }),
        ]
    }

    private func conversations(_ bounds: Bounds) -> Query {
        let sources = FlowPage.keys(fields).map { name, field -> Query in
            // A record without ports is a flow too.
            .object([name: ["terms": ["field": .string(field), "missing_bucket": true]]])
        }
        var composite: [String: Query] = ["size": .int(bounds.pageSize), "sources": .array(sources)]
        composite["after"] = after
        var aggregations = sums.merging(times) { $1 }
        if let flags = fields.flags {
            aggregations["fl"] = ["terms": ["field": .string(flags), "size": 32]]
        }
        if let packets = fields.destination.packets {
            aggregations["bi"] = [
                "filter": ["range": .object([packets: ["gt": 0]])],
                "aggs": .object(Self.extreme("min", "f", fields.start)),
            ]
        }
        return ["composite": .object(composite), "aggs": .object(aggregations)]
    }

    private var sums: [String: Query] {
        FlowPage.sums(fields).mapValues { ["sum": ["field": .string($0)]] }
    }

    private var times: [String: Query] {
        var times = Self.extreme("min", "f", fields.start)
        times.merge(Self.extreme("max", "l", fields.end)) { $1 }
        if fields.end.isEmpty, let duration = fields.duration {
            times["du"] = ["max": ["field": .string(duration.field.path)]]
            times.merge(Self.extreme("max", "s", fields.start)) { $1 }
        }
        return times
    }

    /// The least or greatest of the fields' times. Each field counts where a record has none of those before it.
    private static func extreme(_ operation: String, _ name: String, _ times: [IndexFields.Time]) -> [String: Query] {
        guard let time = times.first else { return [:] }
        let field = Query.string(time.field.path)
        var aggregations: [String: Query] = [name: .object([operation: ["field": field]])]
        if times.count > 1 {
            aggregations["\(name)m"] = [
                "missing": ["field": field],
                "aggs": .object(extreme(operation, name, Array(times.dropFirst()))),
            ]
        }
        return aggregations
    }
}
