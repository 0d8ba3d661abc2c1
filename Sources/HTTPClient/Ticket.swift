import Isolation

/// A request on its way to the loop, with the continuation that waits for its answer.
struct Ticket: Sendable {
    typealias Outcome = Result<HTTPClient.Response, HTTPClientError>

    let request: HTTPClient.Request
    let configuration: HTTPClient.Configuration
    /// Whether the task that waits has lost interest.
    let isCancelled: Flag
    private let continuation: CheckedContinuation<Outcome, Never>

    init(
        _ request: HTTPClient.Request, _ configuration: HTTPClient.Configuration,
        _ continuation: CheckedContinuation<Outcome, Never>, isCancelled: Flag
    ) {
        self.request = request
        self.configuration = configuration
        self.isCancelled = isCancelled
        self.continuation = continuation
    }

    /// Hands the outcome over; to be called once.
    func finish(_ outcome: Outcome) {
        continuation.resume(returning: outcome)
    }
}
