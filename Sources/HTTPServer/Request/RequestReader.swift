/// Finds the requests in the bytes of a connection, one after the other.
///
/// It is fed spans of input and says what they amount to; it holds no descriptor and knows no time. A request that
/// lies in one span whole is not copied but for its head. However the bytes are cut, the steps mean the same.
struct RequestReader: ~Copyable {
    enum Step: Equatable {
        /// All input is used up.
        case needsBytes
        /// The head is complete and in ``head``; call ``accept(bodyLimit:)`` or ``refuseBody(_:at:)``.
        case head
        /// Keep this many more bytes of the body: call ``reserve(_:)`` if there is memory for them, then go on.
        case needsMemory(Int)
        /// The request is complete, its body is this part of the input.
        case bodyInInput(Range<Int>)
        /// The request is complete, its body is ``body``.
        case bodyKept
        case refused(Rejection)
    }

    private enum Phase {
        case head, decision, noBody
        case length(remaining: Int)
        case chunked
        case complete
    }

    private(set) var head = RequestHead()
    /// What was kept of the body.
    private(set) var body: [UInt8] = []
    /// How many bytes of body memory this request holds.
    private(set) var reserved = 0
    private let limits: Limits
    private var bodyLimit = 0
    private var phase = Phase.head
    private var parser: HeadParser
    private var chunks: ChunkedDecoder

    init(_ limits: Limits) {
        self.limits = limits
        parser = HeadParser(limits)
        chunks = ChunkedDecoder(limits, bodyLimit: 0)
    }

    /// Whether a request has begun that is not complete; empty lines before it are none.
    var isMidRequest: Bool {
        switch phase {
        case .head: parser.hasBegun
        case .complete: false
        default: true
        }
    }

    /// Whether a reset would lose nothing.
    var isIdle: Bool {
        switch phase {
        case .head: parser.isIdle
        case .complete: true
        default: false
        }
    }

    /// Goes on at `position` of the input, which moves past what was used.
    mutating func next(_ input: Span<UInt8>, at position: inout Int) -> Step {
        switch phase {
        case .head: return readHead(input, &position)
        case .noBody:
            phase = .complete
            return .bodyInInput(position..<position)
        case .length(let remaining): return readBody(input, &position, remaining)
        case .chunked: return readChunks(input, &position)
        case .decision, .complete: preconditionFailure("the request awaits a decision or a reset")
        }
    }

    /// The request is wanted: reads its body, of at most this many bytes. The head keeps the handler's note.
    mutating func accept(bodyLimit: Int, note: UInt32 = 0) -> Rejection? {
        head.note = note
        self.bodyLimit = bodyLimit
        switch head.index.framing {
        case .none:
            phase = .noBody
        case .length(let length):
            guard length <= bodyLimit else { return .bodyTooLarge }
            phase = .length(remaining: length)
        case .chunked:
            chunks = ChunkedDecoder(limits, bodyLimit: bodyLimit)
            phase = .chunked
        }
        return nil
    }

    /// The request is answered without its body: skips it where it lies in the input whole. Otherwise this is false,
    /// and where the next request begins is not known.
    mutating func refuseBody(_ input: Span<UInt8>, at position: inout Int) -> Bool {
        // A peer that waits for 100 Continue may or may not send the body now.
        guard head.index.expectation == .none, accept(bodyLimit: limits.bodyBytes) == nil else { return false }
        if case .chunked = phase {
            while true {
                switch chunks.next(input, at: &position) {
                case .data(let count): _ = chunks.takeData(at: &position, count: count)
                case .end:
                    phase = .complete
                    return true
                case .needsBytes, .refused: return false
                }
            }
        }
        guard case .bodyInInput = next(input, at: &position) else { return false }
        return true
    }

    /// Allows this many more bytes of body to be kept.
    mutating func reserve(_ count: Int) {
        reserved += count
        body.reserveCapacity(reserved)
    }

    /// Makes ready for the next request; memory beyond the usual is given back.
    mutating func reset() {
        phase = .head
        parser.reset()
        head.reset()
        reserved = 0
        if body.capacity > 64 * 1024 { body = [] }
        if !body.isEmpty { body.removeAll(keepingCapacity: true) }
    }

    private mutating func readHead(_ input: Span<UInt8>, _ position: inout Int) -> Step {
        let kept = head.bytes.count
        let outcome: HeadParser.Outcome
        if kept == 0 {
            let fresh = input.extracting(position..<input.count)
            outcome = parser.parse(fresh, into: &head.index)
        } else {
            let added = min(input.count - position, limits.headBytes - kept)
            head.append(input.extracting(position..<position + added))
            let bytes = head.bytes
            outcome = parser.parse(bytes.span, into: &head.index)
        }
        switch outcome {
        case .incomplete:
            if kept == 0 { head.append(input.extracting(position..<input.count)) }
            position = input.count
            return .needsBytes
        case .refused(let rejection):
            return .refused(rejection)
        case .complete(let end):
            if kept == 0 {
                head.append(input.extracting(position..<position + end))
            } else {
                head.cut(to: end)
            }
            position += end - kept
            phase = .decision
            return .head
        }
    }

    private mutating func readBody(_ input: Span<UInt8>, _ position: inout Int, _ remaining: Int) -> Step {
        let available = input.count - position
        if body.isEmpty, available >= remaining {
            let range = position..<position + remaining
            position = range.upperBound
            phase = .complete
            return .bodyInInput(range)
        }
        guard available > 0 else { return .needsBytes }
        let count = min(available, remaining)
        guard body.count + count <= reserved else { return .needsMemory(growth(by: count, of: body.count + remaining)) }
        body.append(input.extracting(position..<position + count))
        position += count
        phase = .length(remaining: remaining - count)
        guard count == remaining else { return .needsBytes }
        phase = .complete
        return .bodyKept
    }

    private mutating func readChunks(_ input: Span<UInt8>, _ position: inout Int) -> Step {
        while true {
            switch chunks.next(input, at: &position) {
            case .needsBytes: return .needsBytes
            case .refused(let rejection): return .refused(rejection)
            case .end:
                phase = .complete
                return .bodyKept
            case .data(let count):
                guard body.count + count <= reserved else { return .needsMemory(growth(by: count, of: bodyLimit)) }
                body.append(input.extracting(chunks.takeData(at: &position, count: count)))
            }
        }
    }

    /// How much memory to ask for to keep `count` more bytes: as much again as there is, so that growing is rare,
    /// but never more than the whole body needs or may have.
    private func growth(by count: Int, of whole: Int) -> Int {
        min(max(body.count + count - reserved, reserved, 4096), whole - reserved)
    }
}

extension RequestHead {
    /// Keeps these bytes of a head.
    mutating func append(_ bytes: Span<UInt8>) { self.bytes.append(bytes) }

    /// Drops what follows the head.
    mutating func cut(to end: Int) { bytes.removeSubrange(end...) }
}

extension [UInt8] {
    /// Appends a copy of the bytes.
    mutating func append(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
