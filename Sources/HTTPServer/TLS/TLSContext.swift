import COpenSSL

/// Certificate, key and rules of the TLS that a server speaks: versions 1.2 and 1.3, the cipher suites and groups that
/// Mozilla's guidelines call intermediate, `http/1.1` only. Shared by all connections that begin while it is current.
@safe package final class TLSContext: Sendable {
    /// Where certificate and key lie, in PEM form.
    package struct Files: Equatable, Sendable {
        /// The server's certificate, the chain up to its authority after it.
        package var certificate: String
        /// Its private key, without a passphrase.
        package var key: String
        /// The authorities whose client certificates are accepted; nil when clients are not asked for one.
        package var clientAuthority: String?

        package init(certificate: String, key: String, clientAuthority: String? = nil) {
            self.certificate = certificate
            self.key = key
            self.clientAuthority = clientAuthority
        }
    }

    /// For TLS 1.2; those of 1.3 are OpenSSL's own, which are the recommended ones.
    private static let ciphers =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
        + "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
    private static let groups = "X25519:P-256:P-384"

    // OpenSSL counts references to a context and guards it with locks of its own; nothing changes it after `init`.
    private nonisolated(unsafe) let context: OpaquePointer

    /// Reads the files.
    package init(_ files: Files) throws(TLSError) {
        guard let created = unsafe copenssl_server_context() else { throw .unavailable }
        // Whatever fails below: `deinit` frees it.
        unsafe context = created
        guard unsafe SSL_CTX_set_cipher_list(created, Self.ciphers) == 1,
            unsafe copenssl_set_groups(created, Self.groups) == 1
        else { throw .unavailable }
        unsafe copenssl_speak_http11(created)
        guard unsafe SSL_CTX_use_certificate_chain_file(created, files.certificate) == 1 else {
            throw .certificate(file: files.certificate)
        }
        try Self.check(unsafe copenssl_use_key(created, files.key), files)
        if let authority = files.clientAuthority {
            guard unsafe copenssl_trust_clients(created, authority) == 1 else {
                throw .clientAuthority(file: authority)
            }
        }
    }

    deinit {
        unsafe SSL_CTX_free(context)
    }

    /// How many days the certificate is still valid; negative when it is over.
    package var daysLeft: Int { Int(unsafe copenssl_days_left(context)) }

    /// A session for a socket that has just connected; nil without memory.
    func accept(_ socket: Int32) -> TLSSession? {
        unsafe copenssl_accept(context, socket).map { unsafe TLSSession($0) }
    }

    private static func check(_ result: copenssl_key_result, _ files: Files) throws(TLSError) {
        switch result {
        case copenssl_key_used: return
        case copenssl_key_unreadable: throw .unreadableKey(file: files.key)
        case copenssl_key_encrypted: throw .encryptedKey(file: files.key)
        case copenssl_key_of_another: throw .mismatch(certificate: files.certificate, key: files.key)
        default: throw .key(file: files.key)
        }
    }
}
