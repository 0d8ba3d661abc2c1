/// Memory of a fixed size that is used again and again.
@safe final class Scratch {
    let capacity: Int
    private let memory: UnsafeMutableBufferPointer<UInt8>

    init(capacity: Int) {
        self.capacity = capacity
        unsafe memory = .allocate(capacity: capacity)
        unsafe memory.initialize(repeating: 0)
    }

    deinit {
        unsafe memory.deallocate()
    }

    /// Runs `fill` with all of it; what it returns.
    func fill<Result>(_ fill: (inout MutableSpan<UInt8>) -> Result) -> Result {
        var span = unsafe memory.mutableSpan
        return fill(&span)
    }

    /// Runs `use` with its first `count` bytes.
    func use(_ count: Int, _ use: (Span<UInt8>) -> Void) {
        let bytes = unsafe UnsafeBufferPointer(rebasing: memory[..<count])
        use(unsafe bytes.span)
    }
}
