import Dispatch
import HTTPServer
import Isolation

/// Responders that a handler has put aside, by path, for a test to complete from its own thread.
final class Waiting: Sendable {
    private let responders = Locked<[String: Responder]>([:])
    private let arrivals = DispatchSemaphore(value: 0)

    func add(_ path: String, _ responder: Responder) {
        responders.withLock { $0[path] = responder }
        arrivals.signal()
    }

    /// The responder of the request that arrives next, which must be for `path`; nil when none arrives in 20 seconds.
    func take(_ path: String) -> Responder? {
        guard arrivals.wait(timeout: .now() + 20) == .success else { return nil }
        return responders.withLock { $0.removeValue(forKey: path) }
    }

    var count: Int { responders.withLock { $0.count } }
}
