/// The values of one JSON text (RFC 8259) as a flat list, made by one pass over its bytes.
///
/// The tape holds no bytes: it is read together with the ones it was made from. Reading again reuses its memory.
/// Where an object has a key twice, both are on the tape; readers let the last one win, as Python's `json` does,
/// through which most of what we read has gone.
package struct JSONTape: Sendable {
    package let limits: JSONLimits

    /// Room for nodes, of which the first ``count`` are in use.
    private(set) var room: [JSONNode] = []

    /// How many nodes the last text had.
    package private(set) var count = 0

    package init(limits: JSONLimits = JSONLimits()) {
        self.limits = limits
    }

    /// The node at this place in the text that was read last; the first is the whole value.
    package subscript(index: Int) -> JSONNode {
        precondition(index < count, "the text has fewer nodes")
        return room[index]
    }

    /// The first byte from `start` on that is no whitespace (RFC 8259 section 2), or the end.
    package static func skipWhitespace(_ bytes: Span<UInt8>, from start: Int) -> Int {
        JSONReader.skipWhitespace(bytes, start)
    }

    /// Reads a text that is one value, with nothing but whitespace around it.
    package mutating func read(_ bytes: Span<UInt8>) throws(JSONError) {
        let end = JSONReader.skipWhitespace(bytes, try readValue(bytes, at: 0))
        guard end == bytes.count else { throw JSONReader.failure(.endOfText, bytes, end) }
    }

    /// Reads one value at `start`, whitespace before it included, and gives the offset of the first byte after it.
    package mutating func readValue(_ bytes: Span<UInt8>, at start: Int) throws(JSONError) -> Int {
        count = 0
        guard bytes.count <= JSONLimits.bytes else {
            throw JSONReader.failure(.bytes(limit: JSONLimits.bytes), bytes, JSONLimits.bytes)
        }
        let depthLimit = limits.depth
        while true {
            var free = room.mutableSpan
            switch try JSONReader.readValue(bytes, at: start, depthLimit: depthLimit, into: &free) {
            case .value(let nodes, let end):
                count = nodes
                return end
            case .full(let position):
                guard room.count < limits.nodes else {
                    throw JSONReader.failure(.nodes(limit: limits.nodes), bytes, position)
                }
                grow()
            }
        }
    }

    /// Gives back memory that a text of more than `nodes` values and keys has taken; the tape is then empty.
    package mutating func releaseRoom(above nodes: Int) {
        guard room.count > nodes else { return }
        room = []
        count = 0
    }

    /// Doubles the room. The text is then read again from its start: after a few texts the room is large enough.
    private mutating func grow() {
        let wanted = min(limits.nodes, max(256, 2 * room.count))
        room = Array(repeating: JSONNode(.null, start: 0, end: 0, next: 0), count: wanted)
    }
}
