@testable import HTTPServer

/// Feeds any bytes to the decoder of chunked bodies, whole and byte by byte: both must decode the same.
@c(LLVMFuzzerTestOneInput)
public func fuzzChunked(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    let whole = Decoding(input, cutEvery: max(1, count))
    precondition(whole == Decoding(input, cutEvery: 1), "byte by byte it is decoded differently")
    precondition(whole == Decoding(input, cutEvery: 3), "in threes it is decoded differently")
    return 0
}

/// What the decoder makes of the bytes of a body.
private struct Decoding: Equatable {
    private var body: [UInt8] = []
    private var end: Int?
    private var rejection: Rejection?

    init(_ bytes: [UInt8], cutEvery step: Int) {
        var limits = Limits()
        limits.headBytes = 128
        limits.fieldBytes = 64
        limits.fields = 3
        limits.chunkExtensionBytes = 32
        var decoder = ChunkedDecoder(limits, bodyLimit: 300)
        for start in stride(from: 0, to: bytes.count, by: step) where end == nil && rejection == nil {
            let piece = Array(bytes[start..<min(start + step, bytes.count)])
            var position = 0
            if decode(piece, &position, &decoder) { end = start + position }
        }
    }

    /// Whether the body has ended.
    private mutating func decode(_ piece: [UInt8], _ position: inout Int, _ decoder: inout ChunkedDecoder) -> Bool {
        while true {
            switch decoder.next(piece.span, at: &position) {
            case .needsBytes: return false
            case .data(let count): body += piece[decoder.takeData(at: &position, count: count)]
            case .end: return true
            case .refused(let refused):
                rejection = refused
                return false
            }
        }
    }
}
