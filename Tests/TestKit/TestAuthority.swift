package import Foundation

/// A certificate authority of a test's own, made with the `openssl` command in a folder that goes with it.
package final class TestAuthority: Sendable {
    /// A certificate and its private key, as PEM files.
    package struct Identity: Sendable {
        package let certificate: String
        package let key: String

        /// The hash of its public key in curl's form: `sha256//` and base64.
        func pin() throws -> String {
            let publicKey = "\(key).public.der"
            _ = try OpenSSL.run(["pkey", "-in", key, "-pubout", "-outform", "der", "-out", publicKey])
            return "sha256//" + (try OpenSSL.run(["dgst", "-sha256", "-binary", publicKey])).base64EncodedString()
        }
    }

    /// The authority's own certificate, which clients are to trust.
    package let certificate: String
    let key: String
    private let folder: URL

    package init(name: String = "warnbell test authority") throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "warnbell-ca-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        certificate = folder.appending(path: "authority.pem").path
        key = folder.appending(path: "authority-key.pem").path
        _ = try OpenSSL.run(
            ["req", "-x509", "-subj", "/CN=\(name)", "-days", "2", "-keyout", key, "-out", certificate] + Self.newKey)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)  // a leftover in the temporary directory does no harm
    }

    /// A certificate for `name`, good for these alternative names: `DNS:localhost,IP:127.0.0.1`.
    package func issue(_ name: String, names: String = "DNS:localhost,IP:127.0.0.1") throws -> Identity {
        let stem = folder.appending(path: UUID().uuidString).path
        let identity = Identity(certificate: "\(stem).pem", key: "\(stem)-key.pem")
        let request = "\(stem).csr"
        let extensions = "\(stem).ext"
        try Data("subjectAltName=\(names)\n".utf8).write(to: URL(filePath: extensions))
        _ = try OpenSSL.run(["req", "-subj", "/CN=\(name)", "-keyout", identity.key, "-out", request] + Self.newKey)
        _ = try OpenSSL.run([
            "x509", "-req", "-in", request, "-CA", certificate, "-CAkey", key, "-CAcreateserial", "-days", "2",
            "-extfile", extensions, "-out", identity.certificate,
        ])
        return identity
    }

    /// The path of a file in the authority's folder with this text in it.
    package func file(_ text: String) throws -> String {
        let file = folder.appending(path: UUID().uuidString)
        try Data(text.utf8).write(to: file)
        return file.path
    }

    private static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
}

/// The `openssl` command.
package enum OpenSSL {
    package static let isAvailable = (try? run(["version"])) != nil

    package struct Failure: Error, CustomStringConvertible {
        let command: String
        package var description: String { "openssl \(command) failed" }
    }

    /// What a command of it writes; throws when it fails.
    package static func run(_ arguments: [String]) throws -> Data {
        let process = try ChildProcess(["openssl"] + arguments)
        let output = process.readToEnd()
        guard process.wait() == 0 else { throw Failure(command: arguments.first ?? "") }
        return Data(output)
    }

    /// What `openssl s_client` tells of a connection to this port of the loopback interface, on which it sends
    /// `request` and reads until the server ends it.
    package static func connect(to port: UInt16, _ arguments: [String] = [], sending request: String = "") throws
        -> String
    {
        let script = "printf '%b' \"$1\" | { shift; timeout 20 openssl s_client -ign_eof \"$@\" 2>&1; }"
        let process = try ChildProcess(
            ["sh", "-c", script, "sh", request, "-connect", "127.0.0.1:\(port)"] + arguments)
        let output = process.readToEnd()
        process.wait()
        return String(decoding: output, as: UTF8.self)
    }
}
