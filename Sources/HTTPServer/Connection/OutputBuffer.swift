/// Memory in which one answer after the other is put together; it grows as needed.
///
/// An array would do as well, but costs a request more than the parsing of its head.
@safe final class OutputBuffer {
    private var memory: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init() {
        unsafe memory = .allocate(capacity: Self.usual)
    }

    deinit {
        unsafe memory.deallocate()
    }

    private static var usual: Int { 16 * 1024 }

    /// Empties it; memory beyond the usual is given back.
    func clear() {
        count = 0
        if unsafe memory.count > 16 * Self.usual {
            unsafe memory.deallocate()
            unsafe memory = .allocate(capacity: Self.usual)
        }
    }

    func append(_ literal: StaticString) {
        unsafe append(UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    func append(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append($0) }
    }

    func append(_ byte: UInt8) {
        reserve(1)
        unsafe memory.initializeElement(at: count, to: byte)
        count += 1
    }

    /// Appends the digits of a number that is not negative.
    func append(decimal number: Int) {
        var divisor = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }

    private func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        reserve(bytes.count)
        _ = unsafe memory[count...].initialize(fromContentsOf: bytes)
        count += bytes.count
    }

    private func reserve(_ added: Int) {
        guard unsafe memory.count - count < added else { return }
        let larger = unsafe UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(2 * memory.count, count + added))
        _ = unsafe larger.initialize(fromContentsOf: memory[..<count])
        unsafe memory.deallocate()
        unsafe memory = larger
    }

    /// Runs `use` with what was put in.
    func use<Result>(_ use: (Span<UInt8>) -> Result) -> Result {
        let bytes = unsafe UnsafeBufferPointer(rebasing: memory[..<count])
        return use(unsafe bytes.span)
    }
}
