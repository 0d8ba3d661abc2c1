import FoundationEssentials
import Isolation
import Timestamps

@testable import Pipeline

/// A sink that takes note of what it is given, and answers as it is told.
final class RecordingSink: EventSink {
    /// What one composition was made of.
    struct Composed: Sendable {
        let batch: Batch
        let history: History?
        let flows: [FlowFindings]
    }

    struct Failure: Error {}

    /// A batch that no event can be made of.
    struct Fault: Error {}

    private struct State {
        var composed: [Composed] = []
        var isAsked = false
        var delivered: [Composition] = []
        var receipts: [Receipt] = []
        var failures = 0
        var faults = 0
        var published: [UUID] = []
        var looks = 0
        var withdrawn: [Withdrawal] = []
    }

    let name = "recording"
    private let window: Duration
    private let isPublishing: Bool
    private let beforeAnswer: @Sendable () async -> Void
    private let state: Locked<State>

    /// - Parameters:
    ///   - window: how long an event's window is.
    ///   - failures: how often composing fails before it succeeds.
    ///   - faults: how often a batch can't become an event.
    ///   - isPublishing: whether its events are to be published.
    ///   - receipts: the first answers; after them everything is stored.
    ///   - beforeAnswer: awaited before each answer.
    init(
        window: Duration = .seconds(86_400), failures: Int = 0, faults: Int = 0, isPublishing: Bool = false,
        receipts: [Receipt] = [],
        beforeAnswer: @escaping @Sendable () async -> Void = {}
    ) {
        self.window = window
        self.beforeAnswer = beforeAnswer
        self.isPublishing = isPublishing
        state = Locked(State(receipts: receipts, failures: failures, faults: faults))
    }

    /// Returns when the first composition has come.
    func isAsked() async {
        while !state.withLock({ $0.isAsked }) { await Task.yield() }
    }

    var composed: [Composed] { state.withLock { $0.composed } }
    var published: [UUID] { state.withLock { $0.published } }
    var withdrawn: [Withdrawal] { state.withLock { $0.withdrawn } }
    var delivered: [Composition] { state.withLock { $0.delivered } }

    func receipt(for error: any Error) -> Receipt {
        error is Fault ? .refused(reason: "a fault") : .retry(after: nil, reason: "\(error)")
    }

    /// How often somebody looked what it is to be told of a source.
    var looks: Int { state.withLock { $0.looks } }

    func prepare() async throws { state.withLock { $0.looks += 1 } }

    func compose(_ history: History?, _ batch: Batch, flows: [FlowFindings], now: Timestamp) throws -> Composition {
        try state.withLock { state in
            if state.failures > 0 {
                state.failures -= 1
                throw Failure()
            }
            if state.faults > 0 {
                state.faults -= 1
                throw Fault()
            }
            state.composed.append(Composed(batch: batch, history: history, flows: flows))
        }
        return Composition(
            event: history?.event ?? UUID(), window: history?.window ?? window(of: batch.opened), body: [], items: [],
            isUpdate: history != nil, isToBePublished: isPublishing)
    }

    func window(of moment: Timestamp) -> Range<Timestamp> {
        let seconds = window.components.seconds
        let start = Timestamp(seconds: moment.seconds / seconds * seconds)
        return start..<start + window
    }

    func deliver(_ composition: Composition, note: [UInt8]?) async -> Receipt {
        state.withLock { $0.isAsked = true }
        await beforeAnswer()
        return state.withLock { state in
            state.delivered.append(composition)
            return state.receipts.isEmpty ? .stored(Receipt.Stored(confirmed: 1)) : state.receipts.removeFirst()
        }
    }

    func withdraw(_ history: History, _ withdrawal: Withdrawal) async -> Receipt {
        state.withLock { state in
            state.withdrawn.append(withdrawal)
            return state.receipts.isEmpty ? .stored(Receipt.Stored(confirmed: 1)) : state.receipts.removeFirst()
        }
    }

    func publish(_ event: UUID) async -> Receipt {
        state.withLock { $0.published.append(event) }
        return .stored(Receipt.Stored(confirmed: 0))
    }
}

/// Holds whoever waits until it is opened.
actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func wait() async {
        guard !isOpen else { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    func open() {
        isOpen = true
        waiting.forEach { $0.resume() }
        waiting = []
    }
}
