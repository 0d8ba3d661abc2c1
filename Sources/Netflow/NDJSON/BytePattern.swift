/// A short text to be found in bytes, by Horspool's search: most bytes are skipped unread.
struct BytePattern: Sendable {
    private let pattern: [UInt8]
    private let foldsCase: Bool

    /// By byte: how far the window moves when the byte is its last one.
    private let skips: [Int]

    /// With `foldsCase`, `text` is in lower case and found in any.
    init(_ text: String, foldsCase: Bool = false) {
        precondition(!text.isEmpty, "an empty pattern is everywhere")
        pattern = Array(text.utf8)
        self.foldsCase = foldsCase
        var skips = [Int](repeating: pattern.count, count: 256)
        for (index, byte) in pattern.dropLast().enumerated() {
            let distance = pattern.count - 1 - index
            skips[Int(byte)] = distance
            if foldsCase { skips[Int(Self.uppercased(byte))] = distance }
        }
        self.skips = skips
    }

    func occurs(in bytes: Span<UInt8>) -> Bool {
        let length = pattern.count
        var start = 0
        while start + length <= bytes.count {
            var index = length - 1
            while matches(bytes[start + index], pattern[index]) {
                if index == 0 { return true }
                index -= 1
            }
            start += skips[Int(bytes[start + length - 1])]
        }
        return false
    }

    private func matches(_ byte: UInt8, _ wanted: UInt8) -> Bool {
        byte == wanted || foldsCase && byte == Self.uppercased(wanted)
    }

    private static func uppercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte - 32 : byte
    }
}
