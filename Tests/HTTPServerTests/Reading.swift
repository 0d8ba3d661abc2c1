@testable import HTTPServer

/// What a request reader makes of the bytes of a connection, in whatever pieces they come.
struct Reading: Equatable, CustomStringConvertible {
    struct Request: Equatable {
        var head: HeadIndex
        var headBytes: [UInt8]
        var body: [UInt8]

        func text(_ range: Range<Int>) -> String { String(decoding: headBytes[range], as: UTF8.self) }
    }

    var requests: [Request] = []
    var rejection: Rejection?
    var isUnfinished = false

    /// Feeds `bytes` cut at these places. Reading stops at the first refusal.
    init(_ bytes: [UInt8], cuts: [Int] = [], limits: Limits = Limits(), bodyLimit: Int = 1_048_576) {
        var reader = RequestReader(limits)
        var start = 0
        for end in cuts + [bytes.count] {
            feed(Array(bytes[start..<end]), to: &reader, bodyLimit)
            start = end
        }
        isUnfinished = !reader.isIdle
    }

    init(_ text: String, limits: Limits = Limits(), bodyLimit: Int = 1_048_576) {
        self.init(Array(text.utf8), limits: limits, bodyLimit: bodyLimit)
    }

    private mutating func feed(_ piece: [UInt8], to reader: inout RequestReader, _ bodyLimit: Int) {
        var position = 0
        while rejection == nil {
            switch reader.next(piece.span, at: &position) {
            case .needsBytes: return
            case .head: rejection = reader.accept(bodyLimit: bodyLimit)
            case .needsMemory(let count): reader.reserve(count)
            case .bodyInInput(let range): add(reader.head.index, reader.head.bytes, Array(piece[range]), &reader)
            case .bodyKept: add(reader.head.index, reader.head.bytes, reader.body, &reader)
            case .refused(let refused): rejection = refused
            }
            if position == piece.count, reader.isIdle { return }
        }
    }

    private mutating func add(_ head: HeadIndex, _ bytes: [UInt8], _ body: [UInt8], _ reader: inout RequestReader) {
        requests.append(Request(head: head, headBytes: bytes, body: body))
        reader.reset()
    }

    var description: String {
        var parts = requests.map { request in
            let method = request.head.method.map { "\($0)" } ?? "?"
            let query = request.head.query.map { "?" + request.text($0) } ?? ""
            return
                "\(method) \(request.text(request.head.path))\(query) \(String(decoding: request.body, as: UTF8.self))"
        }
        if let rejection { parts.append("\(rejection.status.rawValue) \(rejection.rawValue)") }
        if isUnfinished, rejection == nil { parts.append("…") }
        return parts.joined(separator: " | ")
    }
}
