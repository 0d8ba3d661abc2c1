@testable import HTTPServer

/// Feeds any bytes to the request reader, whole and cut as their first bytes say: both readings must be the same.
@c(LLVMFuzzerTestOneInput)
public func fuzzRequests(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    guard let step = input.first.map({ 1 + Int($0) }) else { return 0 }
    let bytes = Array(input.dropFirst())
    let whole = Reading(bytes, cutEvery: max(1, bytes.count))
    precondition(whole == Reading(bytes, cutEvery: step), "cut every \(step) bytes it is read differently")
    precondition(whole == Reading(bytes, cutEvery: 1), "byte by byte it is read differently")
    return 0
}

/// What the reader makes of the bytes of a connection.
private struct Reading: Equatable {
    private var heads: [HeadIndex] = []
    private var bodies: [[UInt8]] = []
    private var rejection: Rejection?

    init(_ bytes: [UInt8], cutEvery step: Int) {
        var limits = Limits()
        limits.headBytes = 256
        limits.fieldBytes = 64
        limits.targetBytes = 64
        limits.fields = 4
        limits.chunkExtensionBytes = 32
        var reader = RequestReader(limits)
        for start in stride(from: 0, to: bytes.count, by: step) where rejection == nil {
            feed(Array(bytes[start..<min(start + step, bytes.count)]), to: &reader)
        }
    }

    private mutating func feed(_ piece: [UInt8], to reader: inout RequestReader) {
        var position = 0
        while rejection == nil {
            switch reader.next(piece.span, at: &position) {
            case .needsBytes: return
            case .head: rejection = reader.accept(bodyLimit: 300)
            case .needsMemory(let count): reader.reserve(count)
            case .bodyInInput(let range): add(reader.head.index, Array(piece[range]), &reader)
            case .bodyKept: add(reader.head.index, reader.body, &reader)
            case .refused(let refused): rejection = refused
            }
            if position == piece.count, reader.isIdle { return }
        }
    }

    private mutating func add(_ head: HeadIndex, _ body: [UInt8], _ reader: inout RequestReader) {
        heads.append(head)
        bodies.append(body)
        reader.reset()
    }
}
