import Glibc
import IPAddresses
import TestKit
import Testing

@testable import HTTPServer

/// Every row of the tables in `Tests/Fixtures/http`, however its bytes are cut and whatever carries them.
@Suite(.timeLimit(.minutes(2)))
struct StrictnessTests {
    @Test("The reader understands each row as the table says, whole, byte by byte and cut at random")
    func reading() {
        var random = Seeded(11)
        for row in StrictnessRow.all {
            let bytes = row.bytes + (row.end == .waits ? [] : StrictnessRow.following)
            let whole = Reading(bytes)
            #expect(whole.requests.count + (whole.rejection == nil ? 0 : 1) >= row.answers.count, "\(row.name)")
            if row.answers.last?.status ?? 200 >= 300 {
                #expect(whole.rejection?.rawValue == row.answers.last?.text, "\(row.name)")
            }
            // What repeats itself for long is cut at random alone, and less often.
            if bytes.count < 2000 { #expect(Reading(bytes, cuts: Array(bytes.indices)) == whole, "\(row.name)") }
            for _ in 0..<(bytes.count < 40_000 ? 4 : 1) {
                let cuts = (0..<5).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
                #expect(Reading(bytes, cuts: cuts) == whole, "\(row.name), cut at \(cuts)")
            }
        }
    }

    @Test("A connection answers each row as the table says, byte by byte and in pieces", arguments: [1, 3, 7])
    func connection(piece: Int) throws {
        for row in StrictnessRow.all where row.bytes.count < 8000 * piece {
            let loop = try ScriptedLoop()
            let peer = loop.connect()
            peer.piece = piece
            peer.send(row.bytes)
            if row.end == .waits { peer.end() } else { peer.send(StrictnessRow.following) }
            let rests = loop.settle()
            #expect(rests, "\(row.name): it never comes to rest")
            let statuses = String(decoding: peer.received, as: UTF8.self).split(separator: "HTTP/1.1 ")
                .compactMap { Int($0.prefix(3)) }.filter { $0 >= 200 }
            #expect(statuses == row.answers.map(\.status) + row.end.statuses, "\(row.name)")
            if row.end == .closed { #expect(peer.isServerDone || peer.isReleased, "\(row.name)") }
            if row.end == .kept { #expect(!peer.isServerDone && !peer.isReleased, "\(row.name)") }
        }
    }

    /// How a client cuts what it sends. Over TLS each piece is a record of its own.
    enum Cutting: CaseIterable {
        case nowhere, atRandom, behindEveryByte

        func cuts(_ bytes: [UInt8], using random: inout Seeded) -> [Int] {
            switch self {
            case .nowhere: []
            case .atRandom: (0..<3).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
            // The middle of a body that repeats one byte a million times stays whole.
            case .behindEveryByte: bytes.indices.dropFirst().filter { $0 < 20_000 || $0 > bytes.count - 1000 }
            }
        }
    }

    @Test("A server answers each row as the table says", arguments: Cutting.allCases)
    func plain(cutting: Cutting) async throws {
        let live = try server()
        try exchangeAll(with: live, cutting) { try live.client() }
        await live.stop()
    }

    @Test(
        "A server answers each row as the table says over TLS",
        .enabled(if: OpenSSL.isAvailable, "the openssl command is not installed"), arguments: Cutting.allCases)
    func encrypted(cutting: Cutting) async throws {
        let authority = try TestAuthority()
        let identity = try authority.issue("localhost")
        let files = TLSContext.Files(certificate: identity.certificate, key: identity.key)
        let live = try server(TLSContext(files))
        try exchangeAll(with: live, cutting) { try RawClient(port: live.port, trusting: authority.certificate) }
        await live.stop()
    }

    private func server(_ tls: TLSContext? = nil) throws -> LiveServer {
        var limits = Limits.patient
        limits.connectionsPerAddress = limits.connections
        return try LiveServer(limits: limits, tls: tls)
    }

    private func exchangeAll(
        with live: LiveServer, _ cutting: Cutting, connect: () throws -> RawClient
    ) throws {
        var random = Seeded(12)
        for row in StrictnessRow.all {
            let bytes = row.bytes + (row.end == .waits ? [] : StrictnessRow.following)
            try exchange(row, bytes, cuts: cutting.cuts(bytes, using: &random), with: live, try connect())
        }
    }

    /// Sends a row's bytes, cut at these places, and looks at what comes back.
    private func exchange(
        _ row: StrictnessRow, _ bytes: [UInt8], cuts: [Int], with live: LiveServer, _ client: RawClient
    ) throws {
        let refusedBefore = live.rejections.count
        do {
            try send(row, bytes, cuts, to: client)
            for expected in row.answers + row.end.answers {
                var answer = try client.answer(isHead: expected.isToHead)
                while answer.status == 100 { answer = try client.answer(isHead: expected.isToHead) }
                check(answer, expected, row, live.rejections.dropFirst(refusedBefore))
            }
            if row.end != .kept { #expect(try client.rest().isEmpty, "\(row.name): nothing more is said") }
        } catch {
            Issue.record(error, "\(row.name)")
        }
        client.disconnect()
    }

    private func send(_ row: StrictnessRow, _ bytes: [UInt8], _ cuts: [Int], to client: RawClient) throws {
        var start = 0
        for cut in cuts + [bytes.count] {
            do {
                try client.send(Array(bytes[start..<cut]))
            } catch let failure as RawClient.Failure where row.end != .kept && failure.errno == EPIPE {
                // The last answer is there, and whoever gave it may close before it is sent more.
                return
            }
            start = cut
        }
        if row.end == .waits { client.finishSending() }
    }

    private func check(
        _ answer: RawClient.Answer, _ expected: StrictnessRow.Answer, _ row: StrictnessRow,
        _ rejections: ArraySlice<Rejection>
    ) {
        #expect(answer.status == expected.status, "\(row.name)")
        #expect(answer.field("Date") != nil, "\(row.name)")
        if expected.status < 300 {
            let isUnderstood = expected.text.isEmpty || expected.isToHead || answer.text.trimmed == expected.text
            #expect(isUnderstood, "\(row.name): \(answer.text)")
        } else {
            #expect(rejections.map(\.rawValue) == [expected.text], "\(row.name)")
            #expect(answer.field("Content-Type") == "application/problem+json", "\(row.name)")
            #expect(answer.field("Connection") == "close", "\(row.name)")
        }
    }
}

extension StrictnessRow.End {
    /// The answers that follow those of the row.
    fileprivate var answers: [StrictnessRow.Answer] {
        switch self {
        case .kept: [StrictnessRow.Answer(status: 200, text: "get /next", isToHead: false)]
        case .closed: []
        case .waits: [StrictnessRow.Answer(status: 400, text: "incomplete", isToHead: false)]
        }
    }

    fileprivate var statuses: [Int] { answers.map(\.status) }
}

extension String {
    /// Without the blank behind a target that no body follows.
    fileprivate var trimmed: String { hasSuffix(" ") ? String(dropLast()) : self }
}
