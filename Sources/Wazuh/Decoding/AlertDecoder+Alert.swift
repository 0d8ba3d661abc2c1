import JSON
import Timestamps

extension AlertDecoder {
    /// Reads an alert again whose bytes were kept, under the identity it was given when it came.
    package mutating func restore(_ bytes: [UInt8], identity: AlertIdentity) throws(DecodeError) -> Alert {
        do {
            try reader.tape.read(bytes.span)
        } catch {
            throw .malformed(error)
        }
        guard reader.tape[0].kind == .object else { throw .notAnAlert(.notAnObject(reader.tape[0].kind)) }
        reader.walk(0, bytes.span)
        guard let format = reader.format else { throw .notAnAlert(reader.whyNoAlert) }
        return makeAlert(bytes, from: 0, bytes.span, format, identity)
    }

    /// The alert that is the object at `index`, the one that was walked last.
    mutating func makeAlert(
        _ index: Int, _ body: Span<UInt8>, _ format: Alert.Format
    ) throws(DecodeError) -> Alert {
        let range = reader.tape[index].range
        let hasToken = reader.has(.token)
        let bytes = hasToken ? reader.withoutToken(index, body) : Array(copying: body.extracting(range))
        let identity: AlertIdentity
        if reader.writeIdentity(body, into: &message) {
            identity = message.identity
        } else if !hitMessage.isEmpty {
            identity = hitMessage.identity
        } else {
            identity = AlertIdentity(hashing: bytes.span)
        }
        guard !hasToken else {
            // All places have moved. The tape at hand may have more to tell, so another decoder reads them anew.
            var decoder = AlertDecoder(limits: limits)
            return try decoder.restore(bytes, identity: identity)
        }
        return makeAlert(bytes, from: range.lowerBound, body, format, identity)
    }

    /// The alert last walked in `body`, whose own `bytes` begin there at `start`.
    private func makeAlert(
        _ bytes: [UInt8], from start: Int, _ body: Span<UInt8>, _ format: Alert.Format, _ identity: AlertIdentity
    ) -> Alert {
        let isEnrichment = reader.isEnrichment(format, body)
        return Alert(
            bytes: bytes,
            format: format,
            identity: identity,
            timestamp: reader.timestamp(body),
            level: reader.level(format, body),
            attacker: isEnrichment ? nil : AttackerSearch.attacker(format, reader, body),
            isEnrichment: isEnrichment,
            agentAddress: reader.agentAddress(format, body),
            parts: reader.parts(format, from: start))
    }
}

extension [UInt8] {
    init(copying bytes: Span<UInt8>) {
        self = unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
    }

    mutating func append(copying bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
