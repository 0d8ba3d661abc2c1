import Pipeline
import Timestamps
import Wazuh

/// The alerts of one request on their way into the file.
///
/// One commit after the other touches it, on the commit queue and nowhere else: that is why it needs no lock.
final class AppendRequest: @unchecked Sendable {
    private let alerts: [Alert]
    private let received: Timestamp
    private(set) var entries: [JournalEntry] = []
    private var refusal: AppendOutcome?

    init(_ alerts: [Alert], received: Timestamp) {
        self.alerts = alerts
        self.received = received
    }

    /// Numbers the alerts that are new, if there is room for them. Within one group of commits each request sees what
    /// those before it took.
    func take(_ state: inout DurableState, _ limits: DurableJournal.Limits) {
        guard state.isOpen else { return refusal = .failed(reason: "the service is stopping") }
        let new = alerts.filter { state.remember($0.identity) }
        if let refusal = state.refusal(of: new, limits) {
            new.reversed().forEach { state.forget($0.identity) }
            return self.refusal = refusal
        }
        entries = new.map { JournalEntry(sequence: state.number($0), received: received, alert: $0) }
    }

    /// What became of it, and who waits for alerts.
    func end(
        _ result: Result<Void, any Error>, _ state: inout DurableState
    ) -> (AppendOutcome, CheckedContinuation<Void, Never>?) {
        if let refusal { return (refusal, nil) }
        switch result {
        case .success:
            return (.stored(duplicates: alerts.count - entries.count), state.written(entries))
        case .failure(let error):
            entries.reversed().forEach { state.forget($0.alert.identity) }
            state.dropped(entries)
            return (JournalFile.outcome(of: error), nil)
        }
    }
}
