import Foundation
import HTTPClient
import Isolation
import TestKit
import Testing

/// SIGHUP, while alerts come in over TLS.
@Suite(.enabled(if: OpenSSL.isAvailable, "the openssl command is not installed"), .timeLimit(.minutes(2)))
struct ReloadTests {
    private let authority: TestAuthority
    private let folder: TemporaryFolder
    private let certificate: String
    private let key: String

    init() throws {
        authority = try TestAuthority()
        folder = try TemporaryFolder()
        certificate = "\(folder.path)/certificate.pem"
        key = "\(folder.path)/key.pem"
    }

    private func install(_ identity: TestAuthority.Identity) throws {
        for (from, to) in [(identity.certificate, certificate), (identity.key, key)] {
            try Data(contentsOf: URL(filePath: from)).write(to: URL(filePath: to), options: .atomic)
        }
    }

    private func start() throws -> RunningReceiver {
        try install(try authority.issue("first"))
        return try RunningReceiver([
            "listen.tls.certificate: \(certificate)", "listen.tls.key: \(key)", "feed.include_tests: true",
        ])
    }

    /// Returns once new connections see the certificate of this name.
    private func untilServed(_ name: String, by receiver: RunningReceiver) throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(20))
        while ContinuousClock.now < deadline {
            let seen = try OpenSSL.connect(
                to: receiver.port, sending: "GET /livez HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n")
            if seen.contains("subject=CN = \(name)") { return }
        }
        Issue.record("the certificate of \(name) was never served")
    }

    @Test("Renewing the certificate under load loses no request")
    func underLoad() async throws {
        let receiver = try start()
        defer { receiver.stop() }
        let isOver = Flag()
        var configuration = HTTPClient.Configuration()
        configuration.caFile = authority.certificate
        let client = HTTPClient(configuration)
        let url = receiver.url.replacing("127.0.0.1", with: "localhost") + "/webhooks/wazuh"
        let statuses = try await withThrowingTaskGroup(of: [Int].self) { group in
            for worker in 0..<4 {
                // A manager of Wazuh's opens a connection for each alert; half of these do as well.
                let headers =
                    [("Content-Type", "application/json")] + (worker < 2 ? [] : [("Connection", "close")])
                group.addTask {
                    var statuses: [Int] = []
                    while !isOver.isSet {
                        let alert = SampleAlert { $0.id = "\(worker).\(statuses.count)" }
                        let request = HTTPClient.Request(
                            method: "POST", url: url, headers: headers,
                            body: Array(alert.json.utf8))
                        statuses.append(try await client.send(request).status)
                    }
                    return statuses
                }
            }
            for name in ["second", "third", "fourth"] {
                try install(try authority.issue(name))
                receiver.reload()
                try untilServed(name, by: receiver)
            }
            isOver.set()
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(statuses.count >= 4, "each of the four has posted")
        #expect(statuses.allSatisfy { $0 == 202 })
    }

    @Test("A certificate that does not fit its key changes nothing; the next good one is taken up")
    func fault() throws {
        let receiver = try start()
        defer { receiver.stop() }
        try Data("rubbish".utf8).write(to: URL(filePath: key), options: .atomic)
        receiver.reload()
        try untilServed("first", by: receiver)
        try install(try authority.issue("second"))
        receiver.reload()
        try untilServed("second", by: receiver)
    }
}
