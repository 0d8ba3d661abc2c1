/// Cuts bytes that come in pieces into lines.
struct LineSplitter {
    /// The longest line that is handed on; longer ones are counted in ``tooLong`` and dropped.
    let limit: Int

    private(set) var tooLong = 0

    /// The beginning of a line whose end has not come yet.
    private var partial: [UInt8] = []
    private var isSkipping = false

    init(limit: Int = FlowLimits.lineBytes) {
        self.limit = limit
    }

    /// Takes the next piece and hands on each line that it completes, without its line feed.
    mutating func take(_ piece: Span<UInt8>, _ line: (Span<UInt8>) throws -> Void) rethrows {
        var start = 0
        for index in piece.indices where piece[index] == UInt8(ascii: "\n") {
            append(piece.extracting(start..<index))
            try end(line)
            start = index + 1
        }
        append(piece.extracting(start..<piece.count))
    }

    /// Hands on what stands after the last line feed, if anything does.
    mutating func finish(_ line: (Span<UInt8>) throws -> Void) rethrows {
        if !partial.isEmpty || isSkipping { try end(line) }
    }

    private mutating func append(_ bytes: Span<UInt8>) {
        guard !isSkipping, partial.count + bytes.count <= limit else {
            isSkipping = true
            return
        }
        unsafe bytes.withUnsafeBufferPointer { unsafe partial.append(contentsOf: $0) }
    }

    private mutating func end(_ line: (Span<UInt8>) throws -> Void) rethrows {
        defer {
            partial.removeAll(keepingCapacity: true)
            isSkipping = false
        }
        if isSkipping { tooLong += 1 } else { try line(partial.span) }
    }
}
