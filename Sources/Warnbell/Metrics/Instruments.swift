import CoreMetrics

/// The metrics of the process, made once and handed to whoever counts.
///
/// Counters with a closed set of label values exist from the start, so that a rate can be told from their first step.
struct Instruments: Sendable {
    let requests: CounterFamily<RequestOutcome>
    let alerts: CounterFamily<AlertOutcome>
    let decisions: CounterFamily<AlertDecision>
    let budgetHeld: Counter
    let budgetLeft: Meter
    let batches: Counter
    let queuedAlerts: Meter
    let undeliveredAlerts: Meter
    let heldSources: Meter
    let queuedBytes: Meter
    let connections: Meter
    let paused: Meter
    let netflowLookups: CounterFamily<LookupOutcome>
    let netflowSeconds: Timer
    let mispSeconds: Timer

    private let factory: any MetricsFactory

    init(_ factory: any MetricsFactory) {
        self.factory = factory
        requests = CounterFamily(.requests, factory)
        alerts = CounterFamily(.alerts, factory)
        decisions = CounterFamily(.decisions, factory)
        budgetHeld = Counter(label: MetricName.budgetHeld.name, dimensions: [], factory: factory)
        budgetLeft = Meter(label: MetricName.budgetLeft.name, dimensions: [], factory: factory)
        batches = Counter(label: MetricName.batches.name, dimensions: [], factory: factory)
        queuedAlerts = Meter(label: MetricName.queuedAlerts.name, dimensions: [], factory: factory)
        undeliveredAlerts = Meter(label: MetricName.undeliveredAlerts.name, dimensions: [], factory: factory)
        heldSources = Meter(label: MetricName.heldSources.name, dimensions: [], factory: factory)
        queuedBytes = Meter(label: MetricName.queuedBytes.name, dimensions: [], factory: factory)
        connections = Meter(label: MetricName.connections.name, dimensions: [], factory: factory)
        paused = Meter(label: MetricName.paused.name, dimensions: [], factory: factory)
        paused.set(0)
        netflowLookups = CounterFamily(.netflowLookups, factory)
        netflowSeconds = Timer(label: MetricName.netflowSeconds.name, dimensions: [], factory: factory)
        mispSeconds = Timer(label: MetricName.mispSeconds.name, dimensions: [], factory: factory)
        Meter(label: MetricName.buildInfo.name, dimensions: [("version", Version.current)], factory: factory).set(1)
    }

    /// Counts a refusal. `reason` is one of our own words for it, never the peer's.
    func countRejection(_ reason: String, by amount: Int = 1) {
        Counter(label: MetricName.rejections.name, dimensions: [("reason", reason)], factory: factory)
            .increment(by: amount)
    }

    /// Counts the requests of a principal. `name` is one that the configuration has given.
    func authenticated(_ name: String) -> Counter {
        Counter(label: MetricName.authenticated.name, dimensions: [("token", name)], factory: factory)
    }

    /// Counts an answer of the sink of that name.
    func countDelivery(to sink: String, _ outcome: DeliveryOutcome) {
        let dimensions = [("sink", sink), ("outcome", outcome.rawValue)]
        Counter(label: MetricName.deliveries.name, dimensions: dimensions, factory: factory).increment()
    }

    /// Counts what is missing of an event that the sink of that name stored.
    func countShortfall(at sink: String, _ kind: Shortfall, by amount: Int) {
        guard amount > 0 else { return }
        let dimensions = [("sink", sink), ("kind", kind.rawValue)]
        Counter(label: MetricName.shortfalls.name, dimensions: dimensions, factory: factory).increment(by: amount)
    }
}

/// One counter for each value of the only label of a metric.
struct CounterFamily<Label: RawRepresentable<String> & CaseIterable & Equatable & Sendable>: Sendable {
    // So few that to go through them is faster than to hash a label.
    private let counters: [(label: Label, counter: Counter)]

    init(_ name: MetricName, _ factory: any MetricsFactory) {
        counters = Label.allCases.map { label in
            let dimensions = name.labels.map { ($0, label.rawValue) }
            return (label, Counter(label: name.name, dimensions: dimensions, factory: factory))
        }
    }

    func increment(_ label: Label, by amount: Int = 1) {
        counters.first { $0.label == label }?.counter.increment(by: amount)
    }
}
