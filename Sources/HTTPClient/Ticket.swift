import Synchronization

/// A request on its way to the loop, with the continuation that waits for its answer.
struct Ticket: Sendable {
    typealias Outcome = Result<HTTPClient.Response, HTTPClientError>

    let request: HTTPClient.Request
    let configuration: HTTPClient.Configuration
    let cancellation: Cancellation
    private let continuation: CheckedContinuation<Outcome, Never>

    init(
        _ request: HTTPClient.Request, _ configuration: HTTPClient.Configuration,
        _ continuation: CheckedContinuation<Outcome, Never>, _ cancellation: Cancellation
    ) {
        self.request = request
        self.configuration = configuration
        self.cancellation = cancellation
        self.continuation = continuation
    }

    /// Hands the outcome over; to be called once.
    func finish(_ outcome: Outcome) {
        continuation.resume(returning: outcome)
    }
}

/// Whether the task that waits for a transfer has lost interest.
final class Cancellation: Sendable {
    private let isAsked = Atomic(false)

    var isCancelled: Bool { isAsked.load(ordering: .acquiring) }

    func ask() { isAsked.store(true, ordering: .releasing) }
}
