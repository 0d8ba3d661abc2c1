import Foundation
import TestKit
import Testing

@testable import HTTPServer

@Suite(.enabled(if: OpenSSL.isAvailable, "the openssl command is not installed"))
struct TLSContextTests {
    private let authority: TestAuthority
    private let good: TestAuthority.Identity

    init() throws {
        authority = try TestAuthority()
        good = try authority.issue("localhost")
    }

    private func failure(certificate: String? = nil, key: String? = nil, clients: String? = nil) -> TLSError? {
        let files = TLSContext.Files(
            certificate: certificate ?? good.certificate, key: key ?? good.key, clientAuthority: clients)
        do throws(TLSError) {
            _ = try TLSContext(files)
            return nil
        } catch {
            return error
        }
    }

    @Test("Good files are taken, and tell how long the certificate lasts")
    func lasting() throws {
        #expect(failure() == nil)
        let context = try TLSContext(.init(certificate: good.certificate, key: good.key))
        #expect((1...2).contains(context.daysLeft))
    }

    @Test("A file that can't serve is named, with what was expected")
    func faults() throws {
        let other = try authority.issue("another")
        let rubbish = try authority.file("no PEM at all")
        #expect(failure(certificate: "/nowhere.pem") == .certificate(file: "/nowhere.pem"))
        #expect(failure(certificate: rubbish) == .certificate(file: rubbish))
        #expect(failure(certificate: good.key) == .certificate(file: good.key))
        #expect(failure(key: "/nowhere.pem") == .unreadableKey(file: "/nowhere.pem"))
        #expect(failure(key: rubbish) == .key(file: rubbish))
        #expect(failure(key: good.certificate) == .key(file: good.certificate))
        #expect(failure(key: other.key) == .mismatch(certificate: good.certificate, key: other.key))
        #expect(failure(clients: "/nowhere.pem") == .clientAuthority(file: "/nowhere.pem"))
        #expect(failure(clients: rubbish) == .clientAuthority(file: rubbish))
    }

    @Test("A key with a passphrase is refused at once, and nobody is asked for it")
    func encryptedKey() throws {
        let file = try authority.file("")
        _ = try OpenSSL.run([
            "pkey", "-in", good.key, "-aes256", "-passout", "pass:secret", "-out", file,
        ])
        #expect(failure(key: file) == .encryptedKey(file: file))
        #expect(failure(key: file)?.description.contains("without a passphrase") == true)
    }

    @Test("What is wrong is told without a byte of the key")
    func secrecy() throws {
        let text = try String(contentsOfFile: good.key, encoding: .utf8)
        let secret = text.split(separator: "\n").dropFirst().first.map(String.init) ?? ""
        let broken = try authority.file(text.replacing("END", with: "ENDE"))
        let described = failure(key: broken)?.description ?? ""
        #expect(!described.isEmpty && !secret.isEmpty && !described.contains(secret))
    }
}
