import Foundation
import TestKit
import Testing

/// `scripts/dev-certificate`, and what its certificates are good for.
@Suite(.enabled(if: OpenSSL.isAvailable, "the openssl command is not installed"), .timeLimit(.minutes(2)))
struct DevCertificateTests {
    private static let request = "GET /livez HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n"

    @Test("A client that trusts the authority reaches the receiver by every name, and by no other")
    func names() throws {
        let certificates = try DevCertificates(names: ["warnbell.example.org", "192.0.2.10", "2001:db8::1"])
        let receiver = try RunningReceiver(certificates.configuration)
        let cases = [
            ("-verify_hostname", "localhost", true), ("-verify_ip", "127.0.0.1", true), ("-verify_ip", "::1", true),
            ("-verify_hostname", "warnbell.example.org", true), ("-verify_ip", "192.0.2.10", true),
            ("-verify_ip", "2001:db8::1", true), ("-verify_hostname", "other.example.org", false),
            ("-verify_ip", "192.0.2.11", false),
        ]
        for (option, name, isGood) in cases {
            let options = ["-CAfile", certificates.path("ca.pem"), "-verify_return_error", option, name]
            let seen = try OpenSSL.connect(to: receiver.port, options, sending: Self.request)
            #expect(seen.contains(#"{"status":"pass"}"#) == isGood, "\(name): \(seen)")
        }
    }

    @Test("A receiver that asks for certificates takes the client's")
    func client() throws {
        let certificates = try DevCertificates()
        let receiver = try RunningReceiver(
            certificates.configuration + ["listen.tls.client_ca: \(certificates.path("ca.pem"))"])
        let identity = ["-cert", certificates.path("client.pem"), "-key", certificates.path("client.key")]
        let seen = try OpenSSL.connect(to: receiver.port, identity, sending: Self.request)
        #expect(seen.contains(#"{"status":"pass"}"#), "\(seen)")
    }

    @Test("Keys are for their owner alone, and nothing is overwritten")
    func files() throws {
        let certificates = try DevCertificates()
        let files = try FileManager.default.contentsOfDirectory(atPath: certificates.directory).sorted()
        #expect(files == ["ca.key", "ca.pem", "client.key", "client.pem", "server.key", "server.pem"])
        for file in files {
            let attributes = try FileManager.default.attributesOfItem(atPath: certificates.path(file))
            #expect(attributes[.posixPermissions] as? Int == (file.hasSuffix(".key") ? 0o600 : 0o644), "\(file)")
        }
        let before = try Data(contentsOf: URL(filePath: certificates.path("server.pem")))
        try FileManager.default.removeItem(atPath: certificates.path("ca.pem"))
        #expect(try DevCertificates.run([certificates.directory], in: certificates.folder).status == 1)
        #expect(try Data(contentsOf: URL(filePath: certificates.path("server.pem"))) == before)
        #expect(!FileManager.default.fileExists(atPath: certificates.path("ca.pem")))
    }

    @Test("It tells what goes into the configuration and how a manager comes to trust it")
    func instructions() throws {
        let certificates = try DevCertificates()
        let expected = [certificates.path("server.pem"), certificates.path("server.key"), "REQUESTS_CA_BUNDLE="]
        for words in expected { #expect(certificates.instructions.contains(words)) }
        #expect(try DevCertificates.run(["other", "not a name"], in: certificates.folder).status == 1)
        #expect(!FileManager.default.fileExists(atPath: "\(certificates.folder.path)/other"))
    }
}
