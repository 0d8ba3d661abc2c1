/// Bytes behind percent signs (RFC 3986 section 2.1), as servers read them.
enum PercentEncoding {
    /// How often a text is decoded: attackers encode what is encoded already.
    private static let depth = 4

    /// The text as it stands, and as it reads after each time that decoding it changes something.
    static func readings(of text: [UInt8]) -> [[UInt8]] {
        var readings = [text]
        while readings.count <= depth {
            let next = decoded(readings[readings.count - 1])
            if next == readings[readings.count - 1] { break }
            readings.append(next)
        }
        return readings
    }

    private static func decoded(_ bytes: [UInt8]) -> [UInt8] {
        var decoded: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let isEscape = bytes[index] == UInt8(ascii: "%") && index + 2 < bytes.count
            let digits = isEscape ? String(decoding: bytes[index + 1...index + 2], as: UTF8.self) : ""
            if let byte = UInt8(digits, radix: 16), !digits.hasPrefix("+") {
                decoded.append(byte)
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return decoded
    }
}
