import DequeModule
import Wazuh

/// The identities of the alerts that came last, to know a duplicate by; the oldest go when it is full.
struct IdentityMemory {
    private var known: Set<AlertIdentity> = []
    private var order: Deque<AlertIdentity> = []
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    func holds(_ identity: AlertIdentity) -> Bool { known.contains(identity) }

    /// Whether the identity is new; it is known from now on.
    mutating func insert(_ identity: AlertIdentity) -> Bool {
        // To grow takes the hash of all that is there, while everybody waits: seldom, then, and early.
        if known.count == known.capacity { known.reserveCapacity(min(limit + 1, max(1024, 64 * known.count))) }
        guard known.insert(identity).inserted else { return false }
        order.append(identity)
        if order.count > limit, let oldest = order.popFirst() { known.remove(oldest) }
        return true
    }

    /// The alert was not taken after all.
    mutating func remove(_ identity: AlertIdentity) {
        guard known.remove(identity) != nil else { return }
        // It came last, or nearly.
        if let index = order.lastIndex(of: identity) { order.remove(at: index) }
    }
}
