import Crypto

/// The SHA-256 of a secret, or of what stands for one, compared in a time that says nothing of either.
struct Fingerprint: Sendable, Hashable {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    init(of bytes: Span<UInt8>) {
        var hash = SHA256()
        unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        // A digest has 32 bytes; any eight of them are a number.
        let words = unsafe hash.finalize().withUnsafeBytes { digest in
            let word = { offset in unsafe digest.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
            return (word(0), word(8), word(16), word(24))
        }
        (first, second, third, fourth) = words
    }

    init(of text: String) {
        self.init(of: Array(text.utf8).span)
    }

    /// All bits set where both are the same, none where they are not; no branch depends on it.
    func sameness(with other: Fingerprint) -> UInt64 {
        let difference =
            (first ^ other.first) | (second ^ other.second) | (third ^ other.third) | (fourth ^ other.fourth)
        return ((difference | (0 &- difference)) >> 63) &- 1
    }
}

extension Span<UInt8> {
    /// Whether both hold the same bytes, in a time that depends on their number alone.
    func isSame(as other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        var difference: UInt8 = 0
        for index in indices { difference |= self[index] ^ other[index] }
        return difference == 0
    }
}
