import JSON

/// Turns the bodies that Wazuh and its relatives post into alerts.
///
/// Understood are an alert of Wazuh 4.x, the body of its Shuffle integration around one, a finding of Wazuh 5.x,
/// search hits around any of these, and arrays and lines (NDJSON) of all that, mixed as they come. They are told
/// apart by their content. A decoder keeps its buffers from body to body: use one for each event loop.
package struct AlertDecoder: Sendable {
    package let limits: AlertLimits

    /// The secret of the body that was decoded last, also of one that was refused: see ``DecodedBody/token``.
    package private(set) var token: String?

    var reader: FieldReader

    /// What is hashed for an identity; kept for its memory.
    var message = IdentityMessage()

    /// The same for the search hit around the alert at hand; empty where there is none.
    var hitMessage = IdentityMessage()

    /// How large a tape is kept from body to body: 1 MiB, enough for the alerts that fit into one.
    private static let keptNodes = 65_536

    package init(limits: AlertLimits = AlertLimits()) {
        self.limits = limits
        reader = FieldReader(limits: limits.json)
    }

    /// Reads a body. Where it holds several entries, one that is no alert does not spoil the others.
    package mutating func decode(_ body: Span<UInt8>) throws(DecodeError) -> DecodedBody {
        defer { reader.tape.releaseRoom(above: Self.keptNodes) }
        var decoded = DecodedBody()
        defer { token = decoded.token }
        let end: Int
        do {
            end = try reader.tape.readValue(body, at: 0)
        } catch {
            guard isLines(body, brokenAt: error.offset) else { throw .malformed(error) }
            try decodeLines(body, into: &decoded)
            return decoded
        }
        let rest = JSONTape.skipWhitespace(body, from: end)
        if rest == body.count {
            if let reason = try take(body, into: &decoded) { throw .notAnAlert(reason) }
        } else if Self.isLines(body, firstValueEnd: end) || isLines(body, brokenAt: rest) {
            try decodeLines(body, into: &decoded)
        } else {
            throw .malformed(JSONError(offset: rest, expected: .endOfText, found: body[rest]))
        }
        return decoded
    }

    /// Takes each line as a body of its own; blank ones are no entries.
    private mutating func decodeLines(_ body: Span<UInt8>, into decoded: inout DecodedBody) throws(DecodeError) {
        var start = 0
        while let line = Self.line(body, from: start) {
            start = line.upperBound + 1
            // Offsets go on counting from the beginning of the body.
            let bytes = body.extracting(..<line.upperBound)
            if let reason = try decodeLine(bytes, at: line.lowerBound, into: &decoded) {
                try reject(reason, into: &decoded)
            }
        }
    }

    private mutating func decodeLine(
        _ body: Span<UInt8>, at start: Int, into decoded: inout DecodedBody
    ) throws(DecodeError) -> DecodedBody.Reason? {
        do {
            let rest = JSONTape.skipWhitespace(body, from: try reader.tape.readValue(body, at: start))
            guard rest == body.count else {
                return .malformed(JSONError(offset: rest, expected: .endOfText, found: body[rest]))
            }
        } catch {
            return .malformed(error)
        }
        return try take(body, into: &decoded).map(DecodedBody.Reason.notAnAlert)
    }

    /// Takes the value on the tape, alone or as the list it is; gives the reason when it is neither.
    private mutating func take(
        _ body: Span<UInt8>, into decoded: inout DecodedBody
    ) throws(DecodeError) -> NotAnAlert? {
        switch reader.tape[0].kind {
        case .array:
            try takeElements(of: 0, body, into: &decoded)
            return nil
        case .object:
            reader.walk(0, body)
            if reader.format == nil, let hits = reader.hits {
                if decoded.token == nil { decoded.token = reader.token(body) }
                try takeElements(of: hits, body, into: &decoded)
                return nil
            }
            return try takeObject(0, body, into: &decoded)
        case let kind:
            return .notAnObject(kind)
        }
    }

    private mutating func takeElements(
        of array: Int, _ body: Span<UInt8>, into decoded: inout DecodedBody
    ) throws(DecodeError) {
        var element = array + 1
        while element < reader.tape[array].next {
            let node = reader.tape[element]
            var reason: NotAnAlert? = .notAnObject(node.kind)
            if node.kind == .object {
                reader.walk(element, body)
                reason = try takeObject(element, body, into: &decoded)
            }
            if let reason { try reject(.notAnAlert(reason), into: &decoded) }
            element = Int(node.next)
        }
    }

    /// Takes the object that was walked last, with or without wrapping; gives the reason when it is no alert.
    private mutating func takeObject(
        _ index: Int, _ body: Span<UInt8>, into decoded: inout DecodedBody
    ) throws(DecodeError) -> NotAnAlert? {
        if decoded.token == nil { decoded.token = reader.token(body) }
        var alert = index
        var reason = reader.whyNoAlert
        hitMessage.removeAll()
        if reader.format != nil {
            // An alert may hold anything, a member that looks like a wrapping's included.
        } else if let envelope = reader[.envelope] {
            alert = envelope
            reason = .envelopeWithoutAlert
        } else if let source = reader[.hitSource] {
            alert = source
            reason = .hitWithoutAlert
            reader.writeHit(body, into: &hitMessage)
        }
        if alert != index {
            guard reader.tape[alert].kind == .object else { return reason }
            reader.walk(alert, body)
        }
        guard let format = reader.format else { return reason }
        try makeRoom(in: decoded)
        decoded.alerts.append(try makeAlert(alert, body, format))
        return nil
    }

    private func reject(_ reason: DecodedBody.Reason, into decoded: inout DecodedBody) throws(DecodeError) {
        try makeRoom(in: decoded)
        decoded.rejected.append(DecodedBody.Rejection(index: decoded.entries, reason: reason))
    }

    private func makeRoom(in decoded: DecodedBody) throws(DecodeError) {
        guard decoded.entries < limits.alerts else { throw .tooManyAlerts(limit: limits.alerts) }
    }
}

extension DecodedBody {
    /// Entries seen so far.
    fileprivate var entries: Int { alerts.count + rejected.count }
}
