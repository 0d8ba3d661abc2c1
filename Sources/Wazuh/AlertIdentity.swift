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
        var bits: UInt128 = 0
        for byte in hash.finalize().prefix(16) { bits = bits << 8 | UInt128(byte) }
        self.bits = bits
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
