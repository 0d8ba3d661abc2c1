import Isolation

/// The TLS that connections begin with; it can be exchanged while the server runs.
final class CurrentTLS: Sendable {
    private let current: Locked<TLSContext>

    init(_ context: TLSContext) {
        current = Locked(context)
    }

    var context: TLSContext { current.withLock { $0 } }

    func renew(_ context: TLSContext) {
        current.withLock { $0 = context }
    }
}
