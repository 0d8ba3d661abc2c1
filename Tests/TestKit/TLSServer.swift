import Foundation
import Glibc

/// `openssl s_server` with a certificate of its own: a TLS peer that answers every request with a page.
package final class TLSServer: Sendable {
    package let port: UInt16

    /// The server's certificate in PEM form, which is its own authority.
    package let certificateFile: String

    /// The hash of its public key in curl's form: `sha256//` and base64.
    package let pin: String

    private let directory: URL
    private let process: ChildProcess

    /// Starts a server whose certificate is good for these names: `DNS:localhost`, `IP:127.0.0.1`.
    package init(names: String) throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "warnbell-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        certificateFile = directory.appending(path: "certificate.pem").path
        let key = directory.appending(path: "key.pem").path
        let publicKey = directory.appending(path: "public.der").path
        _ = try OpenSSL.run([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=warnbell test", "-addext", "subjectAltName=\(names)", "-keyout", key, "-out", certificateFile,
        ])
        _ = try OpenSSL.run(["pkey", "-in", key, "-pubout", "-outform", "der", "-out", publicKey])
        pin = "sha256//" + (try OpenSSL.run(["dgst", "-sha256", "-binary", publicKey])).base64EncodedString()
        (process, port) = try Self.serve(certificateFile, key)
    }

    package func stop() {
        process.signal(SIGTERM)
        process.wait()
        try? FileManager.default.removeItem(at: directory)  // a leftover in the temporary directory does no harm
    }

    /// Starts the server and reads the port from its line `ACCEPT 127.0.0.1:PORT`.
    private static func serve(_ certificate: String, _ key: String) throws -> (ChildProcess, UInt16) {
        let process = try ChildProcess(
            ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-www"])
        while let line = process.readLine() {
            guard line.hasPrefix("ACCEPT"), let port = line.split(separator: ":").last.flatMap({ UInt16($0) })
            else { continue }
            return (process, port)
        }
        process.wait()
        throw OpenSSL.Failure(command: "s_server")
    }
}
