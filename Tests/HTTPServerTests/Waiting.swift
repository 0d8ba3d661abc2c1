import Glibc
import HTTPServer
import Isolation

/// Responders that a handler has put aside, by path, for a test to complete from its own thread.
final class Waiting: Sendable {
    private let responders = Locked<[String: Responder]>([:])
    private let arrivals = Arrivals()

    func add(_ path: String, _ responder: Responder) {
        responders.withLock { $0[path] = responder }
        arrivals.post()
    }

    /// The responder of the request that arrives next, which must be for `path`.
    func take(_ path: String) -> Responder? {
        arrivals.wait()
        return responders.withLock { $0.removeValue(forKey: path) }
    }

    var count: Int { responders.withLock { $0.count } }
}

/// A semaphore.
private final class Arrivals: @unchecked Sendable {
    // POSIX semaphores are made for several threads.
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() {
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func post() {
        sem_post(semaphore)
    }

    func wait() {
        while sem_wait(semaphore) != 0 {}
    }
}
