import Crypto

/// What makes an alert the same alert, however often and in whatever wrapping it arrives: 16 bytes of a SHA-256.
package struct AlertIdentity: Hashable, Sendable {
    /// The bytes as one number, the first byte most significant.
    package let bits: UInt128

    package init(bits: UInt128) {
        self.bits = bits
    }

    /// The identity with these sixteen bytes; nil for another number of bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        bits = bytes.reduce(0) { $0 << 8 | UInt128($1) }
    }

    /// The first half of the SHA-256 of `message`.
    init(hashing message: Span<UInt8>) {
        var hash = SHA256()
        unsafe message.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        // A digest has 32 bytes; any sixteen of them are a number.
        bits = unsafe UInt128(bigEndian: hash.finalize().withUnsafeBytes { unsafe $0.loadUnaligned(as: UInt128.self) })
    }

    /// Half of a digest is as good as the whole in telling table places apart.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(UInt64(truncatingIfNeeded: bits))
    }

    /// The sixteen bytes.
    package var bytes: [UInt8] {
        (0..<16).map { UInt8(truncatingIfNeeded: bits >> (120 - 8 * $0)) }
    }
}

extension AlertIdentity: CustomStringConvertible {
    /// 32 hexadecimal digits.
    package var description: String {
        let digits = String(bits, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}

/// Texts in a row, each behind its length in four bytes, most significant first, to be hashed.
struct IdentityMessage: Sendable {
    /// Room for the message, kept from one to the next.
    private var room: [UInt8] = Array(repeating: 0, count: 256)
    private var count = 0

    var isEmpty: Bool { count == 0 }

    /// The identity that the message stands for.
    var identity: AlertIdentity { AlertIdentity(hashing: room.span.extracting(first: count)) }

    mutating func removeAll() { count = 0 }

    mutating func append(_ text: Span<UInt8>) {
        let start = count
        let end = start + 4 + text.count
        if room.count < end { room.append(contentsOf: repeatElement(0, count: end)) }
        var bytes = room.mutableSpan
        for index in 0..<4 {
            bytes[start + index] = UInt8(truncatingIfNeeded: text.count &>> (24 &- 8 &* index))
        }
        // There is room, and both buffers check their bounds.
        unsafe bytes.withUnsafeMutableBytes { room in
            unsafe text.withUnsafeBytes { text in
                unsafe UnsafeMutableRawBufferPointer(rebasing: room[(start + 4)..<end]).copyMemory(from: text)
            }
        }
        count = end
    }
}
