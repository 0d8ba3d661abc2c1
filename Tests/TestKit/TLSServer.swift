import Glibc

/// `openssl s_server` with a certificate of its own: a TLS peer that answers every request with a page.
package final class TLSServer: Sendable {
    package let port: UInt16

    /// The server's certificate in PEM form, which is its own authority.
    package var certificateFile: String { certificate.certificateFile }

    /// The hash of its public key in curl's form: `sha256//` and base64.
    package let pin: String

    private let certificate: TestCertificate
    private let process: ChildProcess

    /// Starts a server whose certificate is good for these names: `DNS:localhost`, `IP:127.0.0.1`.
    package init(names: String) throws {
        certificate = try TestCertificate(names: names)
        pin = try certificate.pin()
        (process, port) = try Self.serve(certificate)
    }

    package func stop() {
        process.signal(SIGTERM)
        process.wait()
        certificate.remove()
    }

    /// Starts the server and reads the port from its line `ACCEPT 127.0.0.1:PORT`.
    private static func serve(_ certificate: TestCertificate) throws -> (ChildProcess, UInt16) {
        let process = try ChildProcess([
            "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", certificate.certificateFile, "-key",
            certificate.keyFile, "-www",
        ])
        while let line = process.readLine() {
            guard line.hasPrefix("ACCEPT"), let port = line.split(separator: ":").last.flatMap({ UInt16($0) })
            else { continue }
            return (process, port)
        }
        process.wait()
        throw OpenSSL.Failure(command: "s_server")
    }
}
