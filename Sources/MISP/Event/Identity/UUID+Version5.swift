import Crypto
package import FoundationEssentials

extension UUID {
    /// The name-based UUID of RFC 9562 section 5.5: the same for the same name in the same namespace.
    package init(version5 name: String, in namespace: UUID) {
        var hash = Insecure.SHA1()
        hash.update(data: namespace.octets)
        hash.update(data: Array(name.utf8))
        var octets = Array(hash.finalize().prefix(16))
        octets[6] = octets[6] & 0x0f | 0x50
        octets[8] = octets[8] & 0x3f | 0x80
        self.init(
            uuid: (
                octets[0], octets[1], octets[2], octets[3], octets[4], octets[5], octets[6], octets[7],
                octets[8], octets[9], octets[10], octets[11], octets[12], octets[13], octets[14], octets[15]
            ))
    }

    /// The form that MISP writes: lower case.
    package var lowercase: String { uuidString.lowercased() }

    /// The 16 bytes in network order.
    private var octets: [UInt8] {
        [
            uuid.0, uuid.1, uuid.2, uuid.3, uuid.4, uuid.5, uuid.6, uuid.7,
            uuid.8, uuid.9, uuid.10, uuid.11, uuid.12, uuid.13, uuid.14, uuid.15,
        ]
    }
}
