import FoundationEssentials
import Pipeline

/// What sinks lack of sources, with a count of it.
struct OutstandingStore {
    private struct Key: Hashable {
        let sink: String
        let source: SourceKey
    }

    private var entries: [Key: Outstanding] = [:]

    /// Alerts of all batches, counted for each sink.
    private(set) var alerts = 0

    /// About how many bytes of memory all of it takes.
    private(set) var bytes = 0

    subscript(source: SourceKey, sink: String) -> Outstanding {
        entries[Key(sink: sink, source: source)] ?? Outstanding()
    }

    mutating func add(_ batch: Batch, to sink: String) {
        change(batch.source, sink) { $0.batches.append(batch) }
    }

    mutating func merge(_ batches: [UUID], into batch: Batch, at sink: String) {
        change(batch.source, sink) { outstanding in
            outstanding.remove(batches)
            outstanding.batches.insert(batch, at: 0)
        }
    }

    mutating func begin(_ delivery: Delivery) {
        change(delivery.source, delivery.sink) { outstanding in
            outstanding.remove(delivery.batches)
            outstanding.delivery = delivery
        }
    }

    mutating func finish(_ delivery: Delivery) {
        change(delivery.source, delivery.sink) { $0.delivery = nil }
    }

    mutating func drop(_ batches: [UUID], of source: SourceKey, at sink: String) {
        change(source, sink) { $0.remove(batches) }
    }

    /// Lets go of all batches of the source that wait: how many alerts those are, and to which sinks something of it is
    /// being sent.
    mutating func revoke(_ source: SourceKey) -> (dropped: Int, sending: Set<String>) {
        let before = alerts
        var sending: Set<String> = []
        for (key, outstanding) in entries where key.source == source {
            if outstanding.delivery != nil { sending.insert(key.sink) }
            change(source, key.sink) { $0.batches = [] }
        }
        return (before - alerts, sending)
    }

    private mutating func change(_ source: SourceKey, _ sink: String, _ body: (inout Outstanding) -> Void) {
        let key = Key(sink: sink, source: source)
        var outstanding = entries[key] ?? Outstanding()
        count(outstanding, -1)
        body(&outstanding)
        count(outstanding, 1)
        entries[key] = outstanding.batches.isEmpty && outstanding.delivery == nil ? nil : outstanding
    }

    private mutating func count(_ outstanding: Outstanding, _ sign: Int) {
        alerts += sign * outstanding.alerts
        bytes += sign * outstanding.approximateBytes
    }
}

extension Outstanding {
    fileprivate mutating func remove(_ batches: [UUID]) {
        let gone = Set(batches)
        self.batches.removeAll { gone.contains($0.id) }
    }

    fileprivate var alerts: Int {
        batches.reduce(delivery?.batch.evidence.alerts.count ?? 0) { $0 + $1.evidence.alerts.count }
    }
}
