/// Bytes written so that a person can see them: `\r`, `\n`, `\t`, `\0`, `\\`, `\xHH`, and `\{ab*3}` for `ababab`.
enum VisibleBytes {
    /// The bytes; nil where a backslash is followed by something else.
    static func read(_ text: some StringProtocol) -> [UInt8]? {
        var rest = Array(text.utf8)[...]
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            guard let escaped = escape(&rest) else { return nil }
            bytes += escaped
        }
        return bytes
    }

    private static func escape(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        switch rest.popFirst() {
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "0"): return [0]
        case UInt8(ascii: "\\"): return [92]
        case UInt8(ascii: "x"):
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            rest = rest.dropFirst(2)
            return UInt8(digits, radix: 16).map { [$0] }
        case UInt8(ascii: "{"):
            guard let close = rest.firstIndex(of: UInt8(ascii: "}")),
                let star = rest[..<close].lastIndex(of: UInt8(ascii: "*")),
                let count = Int(String(decoding: rest[(star + 1)..<close], as: UTF8.self)),
                let piece = read(String(decoding: rest[..<star], as: UTF8.self))
            else { return nil }
            rest = rest[(close + 1)...]
            return Array(repeatElement(piece, count: count).joined())
        default: return nil
        }
    }
}
