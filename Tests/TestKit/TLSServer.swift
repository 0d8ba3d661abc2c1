import Glibc

/// `openssl s_server` with a certificate of its own: a TLS peer that answers every request with a page.
package final class TLSServer: Sendable {
    package let port: UInt16

    /// The authority of the server's certificate, in PEM form.
    package var authorityFile: String { authority.certificate }

    /// The hash of its public key in curl's form: `sha256//` and base64.
    package let pin: String

    private let authority: TestAuthority
    private let process: ChildProcess

    /// Starts a server whose certificate is good for these names: `DNS:localhost`, `IP:127.0.0.1`.
    package init(names: String) throws {
        authority = try TestAuthority()
        let identity = try authority.issue("warnbell test", names: names)
        pin = try identity.pin()
        (process, port) = try Self.serve(identity)
    }

    package func stop() {
        process.signal(SIGTERM)
        process.wait()
    }

    /// Starts the server and reads the port from its line `ACCEPT 127.0.0.1:PORT`.
    private static func serve(_ identity: TestAuthority.Identity) throws -> (ChildProcess, UInt16) {
        let process = try ChildProcess([
            "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", identity.certificate, "-key", identity.key,
            "-www",
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
