import HTTPClient
import TestKit
import Testing

/// Against a TLS server of OpenSSL's; skipped where the `openssl` command is missing.
@Suite(.enabled(if: OpenSSL.isAvailable, "the openssl command is not installed"))
struct HTTPClientTLSTests {
    private func get(_ url: String, _ configuration: HTTPClient.Configuration) async throws -> Int {
        try await HTTPClient(configuration).send(.init(method: "GET", url: url)).status
    }

    @Test("A certificate counts when the authority in ca_file signed it, and not without")
    func trust() async throws {
        let server = try TLSServer(names: "DNS:localhost,IP:127.0.0.1")
        defer { server.stop() }
        let url = "https://localhost:\(server.port)"
        var configuration = HTTPClient.Configuration()
        let error = await HTTPClient(configuration).failure(of: .init(method: "GET", url: url))
        #expect(error?.kind == "untrusted")
        #expect(error?.description.contains("name that authority's certificate in ca_file") == true)
        configuration.caFile = server.authorityFile
        #expect(try await get(url, configuration) == 200)
        #expect(try await get("https://127.0.0.1:\(server.port)", configuration) == 200)
    }

    @Test("A certificate for another name is refused")
    func names() async throws {
        let server = try TLSServer(names: "DNS:misp.example.org")
        defer { server.stop() }
        var configuration = HTTPClient.Configuration()
        configuration.caFile = server.authorityFile
        let url = "https://127.0.0.1:\(server.port)"
        let error = await HTTPClient(configuration).failure(of: .init(method: "GET", url: url))
        #expect(error?.kind == "wrongName")
    }

    @Test("A pinned key must be the server's, next to a good certificate")
    func pinning() async throws {
        let server = try TLSServer(names: "DNS:localhost")
        let other = try TLSServer(names: "DNS:localhost")
        defer {
            server.stop()
            other.stop()
        }
        let url = "https://localhost:\(server.port)"
        var configuration = HTTPClient.Configuration()
        configuration.caFile = server.authorityFile
        configuration.pinnedPublicKey = server.pin
        #expect(try await get(url, configuration) == 200)
        configuration.pinnedPublicKey = other.pin
        await #expect(throws: HTTPClientError.wrongPin(origin: url)) { try await get(url, configuration) }
        configuration.pinnedPublicKey = server.pin
        configuration.caFile = other.authorityFile
        await #expect(throws: HTTPClientError.self) { try await get(url, configuration) }
    }

    @Test("An answer tells until when the certificate is good, to whoever asks")
    func certificateEnd() async throws {
        let server = try TLSServer(names: "DNS:localhost")
        defer { server.stop() }
        var configuration = HTTPClient.Configuration()
        configuration.caFile = server.authorityFile
        let url = "https://localhost:\(server.port)"
        let asked = try await HTTPClient(configuration).send(.init(method: "GET", url: url, tellsCertificate: true))
        #expect(asked.certificateEnd?.hasSuffix(" GMT") == true)
        let unasked = try await HTTPClient(configuration).send(.init(method: "GET", url: url))
        #expect(unasked.certificateEnd == nil)
    }

    @Test("A ca_file without certificates is named")
    func authorities() async throws {
        var configuration = HTTPClient.Configuration()
        configuration.caFile = "/nowhere/ca.pem"
        let server = try LoopbackServer { _ in .drop }
        defer { server.stop() }
        await #expect(throws: HTTPClientError.unreadableAuthorities(file: "/nowhere/ca.pem")) {
            try await get("https://127.0.0.1:\(server.port)", configuration)
        }
    }
}
