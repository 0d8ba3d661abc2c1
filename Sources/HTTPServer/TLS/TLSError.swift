/// Why certificate and key can't serve TLS. What it says names files, never what is in them.
package enum TLSError: Error, Equatable {
    /// The file holds no certificate chain in PEM form that can be read.
    case certificate(file: String)
    /// The file can't be read.
    case unreadableKey(file: String)
    /// The key is protected by a passphrase, and there is nobody to ask.
    case encryptedKey(file: String)
    /// The file holds no private key in PEM form.
    case key(file: String)
    /// Key and certificate don't belong together.
    case mismatch(certificate: String, key: String)
    /// The file holds no certificate of an authority for clients.
    case clientAuthority(file: String)
    /// OpenSSL has no memory, or lacks what every build of it has.
    case unavailable
}

extension TLSError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .certificate(let file):
            "\(file): expected a readable file with the server's certificate in PEM form, the chain after it"
        case .unreadableKey(let file):
            "\(file): the private key can't be read; expected a file that the service's user may read"
        case .encryptedKey(let file):
            "\(file): the private key is encrypted; expected one without a passphrase in a file that only the "
                + "service's user may read (openssl pkey -in FILE -out PLAIN writes one)"
        case .key(let file):
            "\(file): expected a private key in PEM form"
        case .mismatch(let certificate, let key):
            "\(key): the private key is not the one of the certificate in \(certificate)"
        case .clientAuthority(let file):
            "\(file): expected the certificates of the authorities for clients, in PEM form"
        case .unavailable:
            "OpenSSL can't make a TLS context"
        }
    }
}
