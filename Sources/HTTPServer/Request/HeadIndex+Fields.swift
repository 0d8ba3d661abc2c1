extension HeadIndex {
    /// Reads one field line, without its CRLF, and what it means for the server (RFC 9112 section 5).
    mutating func readField(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Rejection? {
        switch FieldLine.read(bytes, line) {
        case .failure(let rejection):
            return rejection
        case .success(let field):
            fields.append(Field(name: field.name, value: field.value))
            return note(bytes, field)
        }
    }

    private mutating func note(_ bytes: Span<UInt8>, _ field: FieldLine) -> Rejection? {
        switch field.name.count {
        case 4 where bytes.equals(field.name, ignoringCase: "host"):
            if hasHost { return .repeatedHost }
            hasHost = true
            return Authority.isValid(bytes, field.value) ? nil : .host
        case 6 where bytes.equals(field.name, ignoringCase: "expect"):
            let isFirst = expectation == .none
            let isKnown = bytes.equals(field.value, ignoringCase: "100-continue")
            expectation = isFirst && isKnown ? .proceed : .unknown
        case 10 where bytes.equals(field.name, ignoringCase: "connection"):
            noteConnection(bytes, field.value)
        case 14 where bytes.equals(field.name, ignoringCase: "content-length"):
            guard contentLength == nil, let length = Self.length(bytes, field.value) else { return .contentLength }
            contentLength = length
        case 17 where bytes.equals(field.name, ignoringCase: "transfer-encoding"):
            codings.add(bytes, field.value)
        default:
            break
        }
        return nil
    }

    private mutating func noteConnection(_ bytes: Span<UInt8>, _ value: Range<Int>) {
        var start = value.lowerBound
        while start <= value.upperBound {
            let comma = bytes.firstIndex(of: UInt8(ascii: ","), in: start..<value.upperBound) ?? value.upperBound
            let option = bytes.trimmed(start..<comma)
            if bytes.equals(option, ignoringCase: "close") { saysClose = true }
            if bytes.equals(option, ignoringCase: "keep-alive") { saysKeepAlive = true }
            start = comma + 1
        }
    }

    /// One decimal number below 2^63; a list of them is refused, equal or not (RFC 9110 section 8.6 allows that).
    private static func length(_ bytes: Span<UInt8>, _ value: Range<Int>) -> Int? {
        guard !value.isEmpty else { return nil }
        var length = 0
        for index in value {
            guard bytes[index].isDigit else { return nil }
            let (tens, overflows) = length.multipliedReportingOverflow(by: 10)
            let (sum, overflowsToo) = tens.addingReportingOverflow(Int(bytes[index] - 48))
            guard !overflows, !overflowsToo else { return nil }
            length = sum
        }
        return length
    }
}

/// One field line of a header or trailer section, taken apart.
struct FieldLine {
    let name: Range<Int>
    /// Without the blanks around it; may be empty.
    let value: Range<Int>

    /// Reads a line that is complete but for its CRLF.
    static func read(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Result<FieldLine, Rejection> {
        if bytes[line.lowerBound].isBlank { return .failure(.foldedField) }
        let colon = bytes.end(of: .token, from: line.lowerBound, before: line.upperBound)
        guard colon > line.lowerBound, colon < line.upperBound, bytes[colon] == UInt8(ascii: ":") else {
            return .failure(.fieldName)
        }
        let value = bytes.trimmed(colon + 1..<line.upperBound)
        guard bytes.isFieldContent(value) else { return .failure(.fieldValue) }
        return .success(FieldLine(name: line.lowerBound..<colon, value: value))
    }
}
