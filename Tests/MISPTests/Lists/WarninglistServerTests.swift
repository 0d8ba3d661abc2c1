import Foundation
import HTTPClient
import IPAddresses
import Isolation
import Pipeline
import TestKit
import Testing

@testable import MISP

/// What a MISP server's own warninglists are asked, and what becomes of deliveries while it does not answer.
@Suite(.timeLimit(.minutes(1)))
struct WarninglistServerTests {
    private let time = Shared(ContinuousClock.now)

    private func server(
        _ misp: MISPStandIn, key: String = MISPStandIn.key,
        _ change: (inout WarninglistServer.Limits) -> Void = { _ in }
    ) -> WarninglistServer {
        var limits = WarninglistServer.Limits()
        change(&limits)
        let client = MISPClient(.init(url: misp.url, key: MISPKey(key)), http: HTTPClient())
        return WarninglistServer(client: client, limits: limits) { [time] in time.value }
    }

    private func misp(_ lists: [String: Set<String>] = ["Public DNS": ["8.8.8.8"]]) throws -> MISPStandIn {
        var state = MISPStandIn.State()
        state.warninglists = lists
        return try MISPStandIn(state)
    }

    private func source(_ address: String) -> SourceKey { SourceKey(Sample.address(address)) }

    private func questions(_ misp: MISPStandIn) -> Int {
        misp.state.requests.count { $0 == "POST /warninglists/checkValue" }
    }

    @Test(
        "Who is on a list is told with the list's name and its entry; who is on none, and where there are none, is not")
    func answers() async throws {
        let misp = try misp(["A": ["8.8.8.8"], "B": ["8.8.8.8", "2001:db8::7"]])
        defer { misp.stop() }
        let server = server(misp)
        let found = try await server.matches(of: source("8.8.8.8"), [])
        #expect(found.sorted().map(\.description) == ["on the list A (8.8.8.8)", "on the list B (8.8.8.8)"])
        #expect(try await server.matches(of: source("8.8.4.4"), []) == [])
        let seen = [Sample.address("2001:db8::1"), Sample.address("2001:db8::7")]
        #expect(try await server.matches(of: source("2001:db8::9"), seen).map(\.list) == ["B"])
        misp.change { $0.warninglists = [:] }
        #expect(try await server.matches(of: source("9.9.9.9"), []) == [])
    }

    @Test("An answer holds for its time, listed or not, and then is asked for again")
    func memory() async throws {
        let misp = try misp()
        defer { misp.stop() }
        let server = server(misp)
        for _ in 0..<3 {
            for address in ["8.8.8.8", "8.8.4.4"] { _ = try await server.matches(of: source(address), []) }
        }
        #expect(questions(misp) == 2)
        misp.change { $0.warninglists = ["Public DNS": ["8.8.4.4"]] }
        time.change { $0 += .seconds(3599) }
        #expect(try await server.matches(of: source("8.8.8.8"), []).count == 1)
        time.change { $0 += .seconds(1) }
        #expect(try await server.matches(of: source("8.8.8.8"), []) == [])
        #expect(try await server.matches(of: source("8.8.4.4"), []).count == 1)
        #expect(questions(misp) == 4)
    }

    @Test("Sources that wait are asked about together, so many addresses in a request")
    func batches() async throws {
        let misp = try misp(["A": ["198.18.0.7", "198.18.0.99"]])
        defer { misp.stop() }
        let server = server(misp) { $0.perRequest = 40 }
        let counts = try await withThrowingTaskGroup { group in
            for host in 1...100 {
                group.addTask { try await server.matches(of: self.source("198.18.0.\(host)"), []).count }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts.reduce(0, +) == 2)
        #expect((3...101).contains(questions(misp)))
        // The first question goes out alone; how many join the second is up to the machine.
        #expect(questions(misp) < 60, "\(questions(misp)) requests")
    }

    @Test("No more addresses than agreed go in one request, whoever waits")
    func perRequest() async throws {
        let sizes = Shared<[Int]>([])
        let loopback = try LoopbackServer { request in
            sizes.change { $0.append(AnyJSON(request.body)?.elements?.count ?? 0) }
            return .text("[]", type: "application/json")
        }
        defer { loopback.stop() }
        var limits = WarninglistServer.Limits()
        limits.perRequest = 10
        let client = MISPClient(.init(url: loopback.url, key: MISPKey("k")), http: HTTPClient())
        let server = WarninglistServer(client: client, limits: limits)
        try await withThrowingTaskGroup { group in
            for host in 1...50 {
                group.addTask { _ = try await server.matches(of: self.source("198.18.0.\(host)"), []) }
            }
            try await group.waitForAll()
        }
        #expect(sizes.value.allSatisfy { (1...10).contains($0) })
        #expect(sizes.value.reduce(0, +) == 50, "each address once")
        let many = (1...30).map { Sample.address("2001:db8::\($0)") }
        _ = try await server.matches(of: source("2001:db8::1"), many)
        #expect(
            sizes.value.last == 31, "one source goes in one request, and the first address of its network")
    }

    @Test("More answers than there is room for are forgotten, not kept")
    func bounded() {
        var memory = ListMemory(lifetime: .seconds(10), limit: 3)
        let start = ContinuousClock.now
        let match = ListMatch(list: "A", matched: "192.0.2.1")
        for host in 1...3 { memory.note([match], for: Sample.address("192.0.2.\(host)"), at: start) }
        #expect(memory.answer(for: Sample.address("192.0.2.1"), at: start) == [match])
        memory.note([], for: Sample.address("192.0.2.4"), at: start)
        #expect(memory.answer(for: Sample.address("192.0.2.4"), at: start) == [])
        #expect(memory.answer(for: Sample.address("192.0.2.1"), at: start) == nil)
    }

    @Test(
        "A server that does not answer leaves deliveries to a later time, and its next answer counts",
        arguments: ["retry", "pause", "wait"])
    func failures(kind: String) async throws {
        let misp = try misp()
        defer { misp.stop() }
        let server = server(misp)
        switch kind {
        case "retry": misp.fail(next: .page(502))
        case "wait": misp.fail(next: .rateLimit(reset: 421))
        default: misp.change { $0.access = .disabledUser }
        }
        let unanswered = await #expect(throws: ListsUnanswered.self) {
            try await server.matches(of: source("8.8.8.8"), [])
        }
        let prefix = "MISP's warninglists could not be asked: "
        switch (kind, unanswered?.receipt) {
        case ("retry", .retry(nil, let reason)): #expect(reason == prefix + "MISP answers with status 502")
        case ("wait", .retry(.seconds(421), let reason)): #expect(reason == prefix + "MISP's rate limit is reached")
        case ("pause", .pause(let reason)): #expect(reason.hasPrefix(prefix + "MISP does not accept the key"))
        default: Issue.record("\(String(describing: unanswered))")
        }
        misp.change { $0.access = .granted }
        #expect(try await server.matches(of: source("8.8.8.8"), []).count == 1)
    }

    @Test(
        "An answer that can't be read is no answer",
        arguments: [
            #"[{"id":"1","name":"A","matched":"8.8.8.8"}]"#, #"{"8.8.8.8":"A"}"#, #"{"8.8.8.8":[{"id":"1"}]}"#, "null",
            "\"\"",
            "<html>",
        ])
    func unreadable(text: String) async throws {
        let loopback = try LoopbackServer { _ in .text(text, type: "application/json") }
        defer { loopback.stop() }
        let client = MISPClient(.init(url: loopback.url, key: MISPKey("k")), http: HTTPClient())
        let server = WarninglistServer(client: client)
        let unanswered = await #expect(throws: ListsUnanswered.self) {
            try await server.matches(of: source("8.8.8.8"), [])
        }
        guard case .retry = unanswered?.receipt else {
            Issue.record("\(String(describing: unanswered))")
            return
        }
    }
}

/// A value that a test and what it calls share.
private final class Shared<Value: Sendable>: Sendable {
    private let locked: Locked<Value>

    init(_ value: Value) { locked = Locked(value) }

    var value: Value { locked.withLock { $0 } }

    func change(_ body: (inout Value) -> Void) { locked.withLock { body(&$0) } }
}
