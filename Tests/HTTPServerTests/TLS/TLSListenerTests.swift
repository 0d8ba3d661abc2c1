import Foundation
import HTTPClient
import TestKit
import Testing

@testable import HTTPServer

/// Against clients of OpenSSL's and libcurl's; skipped where the `openssl` command is missing.
@Suite(.enabled(if: OpenSSL.isAvailable, "the openssl command is not installed"), .timeLimit(.minutes(2)))
struct TLSListenerTests {
    private let authority: TestAuthority
    private let files: TLSContext.Files
    private static let get = "GET /a HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n"

    init() throws {
        authority = try TestAuthority()
        let server = try authority.issue("localhost")
        files = TLSContext.Files(certificate: server.certificate, key: server.key)
    }

    private func connect(_ live: LiveServer, _ arguments: String...) throws -> String {
        try OpenSSL.connect(
            to: live.port, ["-CAfile", authority.certificate] + arguments, sending: Self.get)
    }

    @Test("Requests and answers pass through it, large ones in both directions too")
    func exchange() async throws {
        let live = try LiveServer(tls: try TLSContext(files))
        var configuration = HTTPClient.Configuration()
        configuration.caFile = authority.certificate
        let client = HTTPClient(configuration)
        let body = Array(String(repeating: "0123456789", count: 90_000).utf8)
        for _ in 0..<3 {
            let answer = try await client.send(
                .init(method: "POST", url: "https://localhost:\(live.port)/b", body: body))
            #expect(answer.status == 200)
            #expect(answer.body == Array("post /b ".utf8) + body)
        }
        #expect(live.server.statistics.handshakes == 1, "the connection is kept")
        await live.stop()
    }

    struct Offer: CustomTestStringConvertible, Sendable {
        let what: String
        let arguments: [String]
        /// Nil when it is agreed to.
        let rejection: Rejection?

        var testDescription: String { what }
    }

    static let offers = [
        Offer(what: "TLS 1.3", arguments: ["-tls1_3"], rejection: nil),
        Offer(what: "TLS 1.2", arguments: ["-tls1_2"], rejection: nil),
        Offer(what: "TLS 1.1", arguments: ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"], rejection: .tlsVersion),
        Offer(
            what: "a cipher suite without authenticated encryption",
            arguments: ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256"], rejection: .tlsCiphers),
        Offer(
            what: "a cipher suite without forward secrecy", arguments: ["-tls1_2", "-cipher", "AES128-GCM-SHA256"],
            rejection: .tlsCiphers),
        Offer(what: "the group X25519", arguments: ["-groups", "X25519"], rejection: nil),
        Offer(what: "the group P-384", arguments: ["-groups", "P-384"], rejection: nil),
        Offer(what: "another group alone", arguments: ["-groups", "P-521"], rejection: .tlsCiphers),
        Offer(what: "http/1.1", arguments: ["-alpn", "h2,http/1.1"], rejection: nil),
        Offer(what: "http/2 alone", arguments: ["-alpn", "h2"], rejection: .tlsProtocol),
    ]

    @Test("Only good versions, cipher suites, groups and protocols are agreed to", arguments: offers)
    func agreement(offer: Offer) async throws {
        let live = try LiveServer(tls: try TLSContext(files))
        let output = try OpenSSL.connect(
            to: live.port, ["-CAfile", authority.certificate] + offer.arguments, sending: Self.get)
        #expect(output.contains("HTTP/1.1 200 OK") == (offer.rejection == nil))
        #expect(live.rejections == (offer.rejection.map { [$0] } ?? []))
        if offer.arguments.first == "-alpn", offer.rejection == nil {
            #expect(output.contains("ALPN protocol: http/1.1"))
        }
        await live.stop()
    }

    @Test("The server's certificate verifies against its authority")
    func verifies() async throws {
        let live = try LiveServer(tls: try TLSContext(files))
        let output = try connect(live, "-verify_return_error", "-verify_hostname", "localhost")
        #expect(output.contains("Verify return code: 0 (ok)"))
        await live.stop()
    }

    @Test("A client that comes back resumes its session", arguments: ["-tls1_2", "-tls1_3"])
    func resumption(version: String) async throws {
        let live = try LiveServer(tls: try TLSContext(files))
        let session = try authority.file("")
        #expect(try connect(live, version, "-sess_out", session).contains("New, TLSv1"))
        #expect(try connect(live, version, "-sess_in", session).contains("Reused, TLSv1"))
        await live.stop()
    }

    @Test("Plain HTTP on the TLS port is told so in clear", arguments: ["GET", "POST", "OPTIONS", "brew"])
    func plainHTTP(method: String) async throws {
        let live = try LiveServer(tls: try TLSContext(files))
        let client = try live.client()
        try client.send("\(method) / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        let answer = try client.answer()
        #expect(answer.status == 400)
        #expect(answer.text.contains("https://"))
        #expect(client.isClosedByServer())
        #expect(live.rejections == [.plainHTTP])
        await live.stop()
    }

    @Test("What is neither TLS nor HTTP ends the connection")
    func rubbish() async throws {
        let live = try LiveServer(tls: try TLSContext(files))
        let client = try live.client()
        try client.send([0x16, 0x03, 0x01, 0x00, 0x05, 1, 2, 3, 4, 5])
        _ = try client.rest()
        #expect(live.rejections == [.tlsHandshake])
        await live.stop()
    }

    @Test("A handshake that does not come to its end in time is dropped, without a word")
    func handshakeTimeout() async throws {
        var limits = Limits()
        limits.handshakeTimeout = .milliseconds(60)
        let live = try LiveServer(limits: limits, tls: try TLSContext(files))
        let silent = try live.client()
        let halting = try live.client()
        try halting.send([0x16, 0x03, 0x01])
        #expect(silent.isClosedByServer())
        #expect(halting.isClosedByServer())
        #expect(live.rejections == [.handshakeTimeout, .handshakeTimeout])
        await live.stop()
    }

    @Test("One connection too many costs no handshake")
    func quota() async throws {
        var limits = Limits()
        limits.connectionsPerAddress = 1
        let live = try LiveServer(limits: limits, tls: try TLSContext(files))
        let first = try live.client()
        let second = try live.client()
        #expect(second.isClosedByServer())
        #expect(live.rejections == [.connectionsPerAddress])
        first.disconnect()
        await live.stop()
    }

    @Test("A client's certificate of the right authority tells its names; another one ends the handshake")
    func clientCertificates() async throws {
        let clients = try TestAuthority(name: "clients")
        var files = files
        files.clientAuthority = clients.certificate
        let live = try LiveServer(tls: try TLSContext(files))
        #expect(try connect(live).contains("HTTP/1.1 200 OK"), "a certificate is asked for, not demanded")
        #expect(live.certificateNames == nil)

        let known = try clients.issue("manager one", names: "DNS:manager-1.example.org,DNS:manager-1")
        #expect(try connect(live, "-cert", known.certificate, "-key", known.key).contains("HTTP/1.1 200 OK"))
        #expect(live.certificateNames == ["manager-1.example.org", "manager-1", "manager one"])

        let strange = try authority.issue("manager one")
        #expect(try !connect(live, "-cert", strange.certificate, "-key", strange.key).contains("HTTP/1.1 200 OK"))
        #expect(live.rejections == [.clientCertificate])
        await live.stop()
    }

    @Test("A resumed session keeps the names of the client's certificate")
    func resumedCertificate() async throws {
        var files = files
        files.clientAuthority = authority.certificate
        let live = try LiveServer(tls: try TLSContext(files))
        let known = try authority.issue("manager", names: "DNS:manager")
        let session = try authority.file("")
        _ = try connect(live, "-cert", known.certificate, "-key", known.key, "-sess_out", session)
        #expect(try connect(live, "-sess_in", session).contains("Reused, TLSv1"))
        #expect(live.certificateNames == ["manager", "manager"])
        await live.stop()
    }

    @Test("A resumed session counts for nothing once the client's certificate has expired")
    func expiredCertificate() async throws {
        var files = files
        files.clientAuthority = authority.certificate
        let live = try LiveServer(tls: try TLSContext(files))
        let sessions = [("-tls1_2", try authority.file("")), ("-tls1_3", try authority.file(""))]
        let brief = try authority.issue("manager", names: "DNS:manager")
        // OpenSSL asks the system's clock, so that the test has to wait: for two seconds at most, as a certificate's
        // time is in whole ones and a single one could be over at once.
        try authority.expire(brief, inSeconds: 2)
        for (version, session) in sessions {
            _ = try connect(live, version, "-cert", brief.certificate, "-key", brief.key, "-sess_out", session)
            #expect(live.certificateNames == ["manager", "manager"], "\(version)")
        }
        for (version, session) in sessions {
            try await eventually("the certificate expires") {
                let output = try connect(live, version, "-sess_in", session)
                try #require(output.contains("Reused, TLSv1") && output.contains("HTTP/1.1 200 OK"), "\(version)")
                return live.certificateNames == nil
            }
        }
        await live.stop()
    }

    @Test("After a renewal new connections see the new certificate, and open ones go on")
    func renewal() async throws {
        let live = try LiveServer(tls: try TLSContext(files))
        var configuration = HTTPClient.Configuration()
        configuration.caFile = authority.certificate
        let client = HTTPClient(configuration)
        let request = HTTPClient.Request(method: "GET", url: "https://localhost:\(live.port)/a")
        #expect(try await client.send(request).status == 200)
        let next = try authority.issue("the next one")
        live.server.renew(try TLSContext(.init(certificate: next.certificate, key: next.key)))
        #expect(try await client.send(request).status == 200)
        #expect(live.server.statistics.handshakes == 1)
        #expect(try connect(live).contains("subject=CN = the next one"))
        await live.stop()
    }
}
