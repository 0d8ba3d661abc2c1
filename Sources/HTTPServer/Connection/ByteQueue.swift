/// Bytes that wait, and are used up from the front.
struct ByteQueue {
    private(set) var bytes: [UInt8] = []
    private(set) var start = 0

    var isEmpty: Bool { start == bytes.count }

    /// The queue with a copy of `added` at its end.
    consuming func adding(_ added: Span<UInt8>) -> ByteQueue {
        bytes.append(added)
        return self
    }

    /// The queue without its first `count` bytes.
    consuming func dropping(_ count: Int) -> ByteQueue {
        start += count
        return isEmpty ? ByteQueue() : self
    }
}
