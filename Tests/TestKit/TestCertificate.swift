import Foundation

/// A certificate made with the `openssl` command, its own authority, and its key, in a folder of their own.
package struct TestCertificate: Sendable {
    /// The certificate in PEM form.
    package let certificateFile: String
    /// Its private key in PEM form.
    package let keyFile: String
    private let directory: URL

    /// Makes a certificate that is good for these names: `DNS:localhost,IP:127.0.0.1`.
    package init(names: String) throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "warnbell-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        certificateFile = directory.appending(path: "certificate.pem").path
        keyFile = directory.appending(path: "key.pem").path
        _ = try OpenSSL.run([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=warnbell test", "-addext", "subjectAltName=\(names)", "-keyout", keyFile, "-out",
            certificateFile,
        ])
    }

    /// The hash of its public key in curl's form: `sha256//` and base64.
    func pin() throws -> String {
        let publicKey = directory.appending(path: "public.der").path
        _ = try OpenSSL.run(["pkey", "-in", keyFile, "-pubout", "-outform", "der", "-out", publicKey])
        return "sha256//" + (try OpenSSL.run(["dgst", "-sha256", "-binary", publicKey])).base64EncodedString()
    }

    package func remove() {
        try? FileManager.default.removeItem(at: directory)  // a leftover in the temporary directory does no harm
    }
}
