import Foundation
import TestKit
import Testing

/// Clients that prove themselves by a certificate, to the running program.
@Suite(.enabled(if: OpenSSL.isAvailable, "the openssl command is not installed"), .timeLimit(.minutes(2)))
struct CertificateTests {
    @Test("A certificate of the authority may post; where names are listed, those may, each within its scopes")
    func names() throws {
        let (authority, stranger) = (try TestAuthority(), try TestAuthority())
        let server = try authority.issue("server")
        let tls = [
            "listen.tls.certificate: \(server.certificate)", "listen.tls.key: \(server.key)",
            "listen.tls.client_ca: \(authority.certificate)",
        ]
        let every = try RunningReceiver(tls)
        let listed = try RunningReceiver(tls + ["auth.client_names: ['sender.example.org', 'scraper:metrics']"])
        let sender = try authority.issue("anything", names: "DNS:sender.example.org")
        let scraper = try authority.issue("scraper", names: "DNS:other.example.org")
        let other = try authority.issue("other", names: "DNS:other.example.org")
        let body = SampleAlert().json
        let post =
            "POST / HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\nContent-Length: \(body.utf8.count)\\r\\n\\r\\n\(body)"
        let get = "GET /metrics HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n"
        let cases: [(String, RunningReceiver, TestAuthority.Identity?, String, String?)] = [
            ("none", every, nil, post, "401"), ("any posts", every, other, post, "202"),
            ("any reads nothing", every, other, get, "403"), ("listed", listed, sender, post, "202"),
            ("listed reads nothing", listed, sender, get, "403"), ("scraper", listed, scraper, get, "200"),
            ("scraper posts nothing", listed, scraper, post, "403"), ("not listed", listed, other, post, "401"),
            ("of another authority", every, try stranger.issue("sender.example.org"), post, nil),
        ]
        for (name, receiver, identity, request, status) in cases {
            let arguments = identity.map { ["-cert", $0.certificate, "-key", $0.key] } ?? []
            let seen = try OpenSSL.connect(to: receiver.port, arguments, sending: request)
            #expect(seen.contains("HTTP/1.1 ") == (status != nil), "\(name): \(seen)")
            if let status { #expect(seen.contains("HTTP/1.1 \(status) "), "\(name): \(seen)") }
        }
    }
}
