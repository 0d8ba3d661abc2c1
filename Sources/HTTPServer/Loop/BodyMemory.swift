import Synchronization

/// The memory that unfinished bodies of all event loops may take together.
final class BodyMemory: Sendable {
    private let limit: Int
    private let used = Atomic<Int>(0)

    init(_ limits: Limits) {
        limit = limits.bodyMemoryBytes
    }

    /// Takes so many bytes if there are as many; whether there were.
    func take(_ count: Int) -> Bool {
        if used.wrappingAdd(count, ordering: .relaxed).newValue <= limit { return true }
        give(count)
        return false
    }

    /// Gives bytes back.
    func give(_ count: Int) {
        if count > 0 { used.wrappingSubtract(count, ordering: .relaxed) }
    }
}
