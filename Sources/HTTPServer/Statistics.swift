import Synchronization

/// What a server has done since it started, and what it is doing, for metrics.
package struct Statistics: Equatable, Sendable {
    /// Connections open now.
    package var openConnections = 0
    package var acceptedConnections = 0
    /// TLS handshakes that were completed.
    package var handshakes = 0
    /// Requests whose head was well formed.
    package var requests = 0
    package var receivedBytes = 0
    package var sentBytes = 0
    /// Requests and connections that the server refused by itself.
    package var rejections = 0
    /// How often accepting paused because the process had no descriptor left.
    package var acceptPauses = 0
}

/// The counters of one event loop, which alone writes them.
final class LoopCounters: Sendable {
    let accepted = Counter()
    let handshakes = Counter()
    let requests = Counter()
    let received = Counter()
    let sent = Counter()
    let rejections = Counter()
    let acceptPauses = Counter()

    /// A number that one thread at a time changes and any may read.
    struct Counter: ~Copyable, Sendable {
        private let value = Atomic<Int>(0)

        var count: Int { value.load(ordering: .relaxed) }

        func add(_ count: Int) {
            // There is one writer: a plain load and store do, and cost no locked instruction.
            value.store(value.load(ordering: .relaxed) &+ count, ordering: .relaxed)
        }
    }
}

extension Statistics {
    mutating func add(_ counters: LoopCounters) {
        acceptedConnections += counters.accepted.count
        handshakes += counters.handshakes.count
        requests += counters.requests.count
        receivedBytes += counters.received.count
        sentBytes += counters.sent.count
        rejections += counters.rejections.count
        acceptPauses += counters.acceptPauses.count
    }
}
