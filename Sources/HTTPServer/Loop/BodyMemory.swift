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
        var before = used.load(ordering: .relaxed)
        while before + count <= limit {
            let attempt = used.weakCompareExchange(expected: before, desired: before + count, ordering: .relaxed)
            if attempt.exchanged { return true }
            before = attempt.original
        }
        return false
    }

    /// How many bytes are taken.
    var taken: Int { used.load(ordering: .relaxed) }

    /// Gives bytes back.
    func give(_ count: Int) {
        if count > 0 { used.wrappingSubtract(count, ordering: .relaxed) }
    }
}
