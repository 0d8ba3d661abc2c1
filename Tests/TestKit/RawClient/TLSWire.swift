import COpenSSL
import Glibc

/// TLS over TCP. The server's certificate must be signed by the one that is trusted, for the address connected to, and
/// an end without a close_notify is a failure.
final class TLSWire: ClientWire {
    private let tcp: TCPWire
    private let context: OpaquePointer
    private let ssl: OpaquePointer

    /// Does the handshake. `certificateFile` holds the authority in PEM form.
    init(_ tcp: TCPWire, to address: String, trusting certificateFile: String) throws {
        signal(SIGPIPE, SIG_IGN)
        guard let context = SSL_CTX_new(TLS_client_method()), let ssl = SSL_new(context) else {
            throw RawClient.Failure(what: "SSL_new", errno: 0)
        }
        self.tcp = tcp
        self.context = context
        self.ssl = ssl
        SSL_set_verify(ssl, SSL_VERIFY_PEER, nil)
        guard SSL_CTX_load_verify_file(context, certificateFile) == 1,
            X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), address) == 1, SSL_set_fd(ssl, tcp.descriptor) == 1,
            SSL_connect(ssl) == 1
        else { throw RawClient.Failure(what: "the TLS handshake", errno: errno) }
    }

    deinit {
        SSL_free(ssl)
        SSL_CTX_free(context)
    }

    func send(_ bytes: ArraySlice<UInt8>) throws -> Int {
        ERR_clear_error()
        var count = 0
        let result = bytes.withUnsafeBytes { SSL_write_ex(ssl, $0.baseAddress, $0.count, &count) }
        guard result == 1 else { throw failure("SSL_write") }
        return count
    }

    func receive() throws -> [UInt8] {
        ERR_clear_error()
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        var count = 0
        let result = SSL_read_ex(ssl, &buffer, buffer.count, &count)
        if result != 1, SSL_get_error(ssl, result) == SSL_ERROR_ZERO_RETURN { return [] }
        guard result == 1 else { throw failure("SSL_read") }
        return Array(buffer[..<count])
    }

    func finishSending() {
        SSL_shutdown(ssl)
    }

    func close() {
        SSL_shutdown(ssl)
        tcp.close()
    }

    private func failure(_ what: String) -> RawClient.Failure {
        RawClient.Failure(what: what, errno: errno)
    }
}
