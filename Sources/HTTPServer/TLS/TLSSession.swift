import COpenSSL

/// One connection's TLS; confined to the event loop of the connection.
@safe final class TLSSession {
    private let ssl: OpaquePointer
    /// Whether the connection failed: OpenSSL must not be asked again then.
    private var isBroken = false
    /// Whether application data has passed. OpenSSL calls a session that failed unfinished again.
    private var hasMoved = false
    /// Whether what the peer sent is no TLS; nothing goes through OpenSSL then.
    var isPlain = false

    /// Owns `ssl` from now on.
    init(_ ssl: OpaquePointer) {
        unsafe self.ssl = ssl
    }

    deinit {
        unsafe SSL_free(ssl)
    }

    /// Whether nothing of the handshake has arrived yet.
    var isUntouched: Bool { unsafe SSL_in_before(ssl) == 1 }

    var isEstablished: Bool { unsafe SSL_is_init_finished(ssl) == 1 }

    /// Whether bytes were read from the socket that ``read(into:)`` has not given out yet.
    var holdsInput: Bool { unsafe SSL_has_pending(ssl) == 1 }

    func read(into buffer: inout MutableSpan<UInt8>) -> TransportResult {
        if isBroken { return .closed }
        var error: Int32 = 0
        let count = unsafe buffer.withUnsafeMutableBytes {
            unsafe copenssl_read(ssl, $0.baseAddress, $0.count, &error)
        }
        return result(count, error)
    }

    func write(_ bytes: Span<UInt8>) -> TransportResult {
        if isBroken { return .closed }
        var error: Int32 = 0
        let count = unsafe bytes.withUnsafeBytes { unsafe copenssl_write(ssl, $0.baseAddress, $0.count, &error) }
        return result(count, error)
    }

    /// Tells the peer that nothing more will be sent.
    func end() {
        if !isBroken { unsafe copenssl_end(ssl) }
    }

    private func result(_ count: Int, _ error: Int32) -> TransportResult {
        switch error {
        case SSL_ERROR_NONE:
            hasMoved = true
            return .bytes(count)
        case SSL_ERROR_WANT_READ: return .wantRead
        case SSL_ERROR_WANT_WRITE: return .wantWrite
        case SSL_ERROR_ZERO_RETURN: return .ended
        default:
            isBroken = true
            return hasMoved || error == SSL_ERROR_SYSCALL ? .closed : .refused(failure)
        }
    }

    /// Why the handshake failed, as far as an operator can do something about it.
    private var failure: Rejection {
        switch copenssl_last_reason() {
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_VERSION_TOO_LOW, SSL_R_NO_PROTOCOLS_AVAILABLE: .tlsVersion
        case SSL_R_NO_SHARED_CIPHER, SSL_R_NO_SUITABLE_GROUPS, SSL_R_NO_SUITABLE_KEY_SHARE,
            SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS:
            .tlsCiphers
        case SSL_R_NO_APPLICATION_PROTOCOL: .tlsProtocol
        case SSL_R_CERTIFICATE_VERIFY_FAILED: .clientCertificate
        case SSL_R_TLSV1_ALERT_UNKNOWN_CA, SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN,
            SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
            .certificateNotTrusted
        default: .tlsHandshake
        }
    }

    /// What the peer's certificate, if it showed one, says that it is.
    var clientCertificate: ClientCertificate? {
        guard unsafe copenssl_has_client_certificate(ssl) == 1 else { return nil }
        var names: [String] = []
        unsafe withUnsafeMutablePointer(to: &names) { list in
            unsafe copenssl_client_names(ssl, list) { list, text, length in
                guard let list = unsafe list, let text = unsafe text else { return }
                let bytes = unsafe UnsafeBufferPointer(start: text, count: Int(length))
                unsafe list.assumingMemoryBound(to: [String].self).pointee.append(
                    String(decoding: bytes, as: UTF8.self))
            }
        }
        return ClientCertificate(names: names)
    }
}
