import JSON
import Pipeline
import Timestamps

/// Reads the buckets of an answer to a ``FlowSearch``.
struct BucketReader {
    let fields: IndexFields

    /// What one bucket of the composite aggregation counts; nil where its key names no two addresses.
    func record(_ bucket: JSONValue) -> FlowRecord? {
        guard let key = bucket["key"], let source = FieldValue(key["s"])?.address,
            let destination = FieldValue(key["d"])?.address, let (first, last) = times(bucket)
        else { return nil }
        var record = FlowRecord(
            from: FlowRecord.Endpoint(source, FieldValue(key["sp"])?.port ?? 0),
            to: FlowRecord.Endpoint(destination, FieldValue(key["dp"])?.port ?? 0),
            transport: transport(key), forward: forward(bucket), reverse: reverse(bucket),
            first: first, last: last)
        for flags in bucket["fl"]?["buckets"]?.elements ?? [] {
            record.flags.formUnion(FieldValue(flags["key"])?.flags ?? [])
        }
        record.records = count(bucket)
        record.biflowStart = bucket["bi"].flatMap { moments($0, "f", fields.start).min() }
        return record
    }

    /// The sums over all buckets, from those over each direction.
    func totals(_ answer: JSONValue) -> FlowPage.Totals {
        var totals = FlowPage.Totals()
        for (name, isSent) in [("fwd", true), ("rev", false)] {
            guard let bucket = answer["buckets"]?[name] else { continue }
            let times = times(bucket)
            totals.add(
                FlowPage.Totals(
                    records: count(bucket), sent: isSent ? forward(bucket) : reverse(bucket),
                    received: isSent ? reverse(bucket) : forward(bucket), first: times?.first, last: times?.last))
        }
        return totals
    }

    private func transport(_ key: JSONValue) -> Int {
        fields.transport.indices.lazy.compactMap { FieldValue(key["t\($0)"])?.transport }.first ?? 0
    }

    private func forward(_ bucket: JSONValue) -> FlowFindings.Volume {
        FlowFindings.Volume(bytes: sum(bucket, "sb"), packets: sum(bucket, "spk"))
    }

    private func reverse(_ bucket: JSONValue) -> FlowFindings.Volume {
        FlowFindings.Volume(bytes: sum(bucket, "db"), packets: sum(bucket, "dpk"))
    }

    /// No cluster holds a million million records; whatever one claims, their sum must not trap.
    private func count(_ bucket: JSONValue) -> Int {
        min(FieldValue(bucket["doc_count"])?.count ?? 0, 1 << 40)
    }

    private func sum(_ bucket: JSONValue, _ name: String) -> Int {
        FieldValue(bucket[name]?["value"])?.count ?? 0
    }

    /// Start of the first and end of the last record; a duration alone gives an end that no record is later than.
    private func times(_ bucket: JSONValue) -> (first: Timestamp, last: Timestamp)? {
        var last = moments(bucket, "l", fields.end).max()
        if let duration = fields.duration, let longest = bucket["du"]?["value"]?.double,
            let span = duration.field.milliseconds(longest), let start = moments(bucket, "s", fields.start).max()
        {
            last = start + .milliseconds(span)
        }
        guard let first = moments(bucket, "f", fields.start).min() else { return nil }
        guard let last else { return (first, first) }
        return (min(first, last), last)
    }

    /// The extreme of each field in a chain of fallbacks.
    private func moments(_ bucket: JSONValue, _ name: String, _ times: [IndexFields.Time]) -> [Timestamp] {
        guard let time = times.first else { return [] }
        let own = bucket[name]?["value"]?.double.flatMap(time.milliseconds).map(Timestamp.init(milliseconds:))
        let others = bucket["\(name)m"].map { moments($0, name, Array(times.dropFirst())) } ?? []
        return [own].compactMap { $0 } + others
    }
}
