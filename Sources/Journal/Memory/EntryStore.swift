import DequeModule
import Pipeline

/// The entries of a journal by their ascending sequence numbers, in small blocks: entries that come together mostly
/// go together, and a block is let go when its last entry is.
struct EntryStore {
    private final class Block {
        var entries: [JournalEntry?] = []
        var live = 0

        init() { entries.reserveCapacity(EntryStore.blockSize) }
    }

    /// One entry that stays keeps its block, so blocks are small.
    private static let blockSize = 16

    /// Blocks from the one that holds ``first`` on; nil for those that are empty again.
    private var blocks: Deque<Block?> = []
    private var first: UInt64
    private(set) var count = 0

    /// - Parameter first: the first sequence number that will be appended.
    init(first: UInt64) {
        self.first = first
    }

    /// Adds the entry with the next sequence number.
    mutating func append(_ entry: JournalEntry) {
        let offset = Int(entry.sequence - first)
        if offset / Self.blockSize >= blocks.count { blocks.append(Block()) }
        guard let block = blocks[blocks.count - 1] else { preconditionFailure("the newest block is let go when full") }
        block.entries.append(entry)
        block.live += 1
        count += 1
    }

    subscript(sequence: UInt64) -> JournalEntry? {
        guard let (block, place) = find(sequence) else { return nil }
        return block.entries[place]
    }

    /// Takes an entry out; nil when it is not there.
    mutating func remove(_ sequence: UInt64) -> JournalEntry? {
        guard let (block, place) = find(sequence), let entry = block.entries[place] else { return nil }
        block.entries[place] = nil
        block.live -= 1
        count -= 1
        if block.live == 0, block.entries.count == Self.blockSize { drop(sequence) }
        return entry
    }

    private func find(_ sequence: UInt64) -> (Block, place: Int)? {
        guard sequence >= first else { return nil }
        let (index, place) = Int(sequence - first).quotientAndRemainder(dividingBy: Self.blockSize)
        guard index < blocks.count, let block = blocks[index], place < block.entries.count else { return nil }
        return (block, place)
    }

    private mutating func drop(_ sequence: UInt64) {
        blocks[Int(sequence - first) / Self.blockSize] = nil
        while let oldest = blocks.first, oldest == nil {
            blocks.removeFirst()
            first += UInt64(Self.blockSize)
        }
    }
}
