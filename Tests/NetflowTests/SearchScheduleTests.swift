import IPAddresses
import Pipeline
import Testing
import Timestamps

@testable import Netflow

/// The order of searches, without a cluster.
@Suite struct SearchScheduleTests {
    private let busy = ElasticsearchError.overloaded(status: 429, reason: "queue is full", retryAfter: nil)

    private func configuration(
        _ change: (inout ElasticsearchSource.Configuration) -> Void = { _ in }
    ) -> ElasticsearchSource.Configuration {
        var configuration = ElasticsearchSource.Configuration(url: "http://search.example.org")
        change(&configuration)
        return configuration
    }

    /// A look-up of so many addresses in indices of so many kinds.
    private func schedule(
        _ count: Int, kinds: Int = 1, _ configuration: ElasticsearchSource.Configuration
    ) throws -> SearchSchedule {
        let fields = try IndexFields(
            .ecs,
            types: [
                "source.ip": .ip, "destination.ip": .ip, "@timestamp": .date, "network.transport": .keyword,
                "source.packets": .number,
            ])
        return SearchSchedule(
            (0..<count).map { number in
                let address = IPAddress(v4: 0xcb00_7100 + UInt32(number))
                let searches = (0..<kinds).map {
                    FlowSearch(address: address, fields: fields, indices: ["kind-\($0)"], window: Fixture.window)
                }
                return (address, searches)
            }, configuration)
    }

    private func page(
        _ records: [FlowRecord] = [], after: Query? = nil, totals: FlowPage.Totals? = nil, incomplete: [String] = []
    ) -> Result<FlowPage, ElasticsearchError> {
        .success(FlowPage(records: records, after: after, totals: totals, incomplete: incomplete))
    }

    @Test("Searches go out in batches of the size wanted, those of an address side by side")
    func batches() throws {
        var schedule = try schedule(3, kinds: 2, configuration { $0.searchesPerRequest = 4 })
        let first = schedule.nextBatch()
        #expect(
            first.map { "\($0.address) \($0.indices)" }.prefix(2) == [
                #"203.0.113.0 ["kind-0"]"#, #"203.0.113.0 ["kind-1"]"#,
            ])
        #expect(first.count == 4)
        #expect(schedule.take(first.map { _ in page() }, jitter: 1) == .zero)
        let second = schedule.nextBatch()
        #expect(second.count == 2)
        _ = schedule.take(second.map { _ in page() }, jitter: 1)
        #expect(schedule.nextBatch().isEmpty)
        let findings = try schedule.findings()
        #expect(findings.map { "\($0.address)" } == ["203.0.113.0", "203.0.113.1", "203.0.113.2"])
        #expect(findings.allSatisfy { $0.incomplete.isEmpty })
    }

    @Test("A page that is not the last is followed by the next, which begins where it ended")
    func pages() throws {
        var schedule = try schedule(1, configuration())
        #expect(schedule.nextBatch()[0].after == nil)
        _ = schedule.take([page(after: ["s": "x"])], jitter: 1)
        let next = schedule.nextBatch()
        #expect(next.count == 1)
        if case .object(let key) = next[0].after, case .string(let text) = key["s"] {
            #expect(text == "x")
        } else {
            Issue.record("the second page has no beginning")
        }
        _ = schedule.take([page()], jitter: 1)
        #expect(schedule.nextBatch().isEmpty)
    }

    @Test("Up to the limit all pages are read; past it the totals are those of the cluster, and the answer says so")
    func pageLimit() throws {
        let totals = FlowPage.Totals(
            records: 5000, sent: .init(bytes: 9, packets: 8), received: .init(bytes: 7, packets: 6), first: moment(1),
            last: moment(2))
        for limit in [2, 3] {
            let configuration = configuration { $0.maxPages = limit }
            var schedule = try schedule(1, configuration)
            _ = schedule.nextBatch()
            _ = schedule.take([page([.sent()], after: 1, totals: totals)], jitter: 1)
            _ = schedule.nextBatch()
            _ = schedule.take([page(after: 2)], jitter: 1)
            _ = schedule.nextBatch()
            _ = schedule.take(limit == 3 ? [page()] : [], jitter: 1)
            #expect(schedule.nextBatch().isEmpty)
            let findings = try schedule.findings()[0]
            #expect(findings.incomplete.isEmpty == (limit == 3))
            if limit == 2 {
                #expect(findings.flowRecords == 5000)
                #expect(findings.sent == totals.sent)
                #expect(findings.received == totals.received)
                #expect((findings.first, findings.last) == (moment(1), moment(2)))
                #expect(
                    findings.incomplete == [
                        "stopped after 2000 groups of records: peers are missing, the totals are exact"
                    ])
            }
        }
    }

    @Test("The totals are said to be exact only when nothing else is missing")
    func inexactTotals() throws {
        let slow = page([.sent()], after: 1, totals: FlowPage.Totals(records: 9), incomplete: ["1 of 2 shards failed"])
        let failed = Result<FlowPage, ElasticsearchError>.failure(.refused(status: 400, type: "a", reason: "b"))
        for results in [[slow], [page([.sent()], after: 1, totals: FlowPage.Totals(records: 9)), failed]] {
            var schedule = try schedule(1, kinds: results.count, configuration { $0.maxPages = 1 })
            _ = schedule.nextBatch()
            _ = schedule.take(results, jitter: 1)
            let incomplete = try schedule.findings()[0].incomplete
            #expect(incomplete.count == 2)
            #expect(incomplete.last == "stopped after 1000 groups of records: peers are missing")
        }
    }

    @Test("A busy cluster is asked again in smaller batches, after a pause that grows; then it counts as failed")
    func overload() throws {
        var schedule = try schedule(4, configuration { $0.searchesPerRequest = 4 })
        #expect(schedule.nextBatch().count == 4)
        #expect(schedule.take([.failure(busy), page(), page(), .failure(busy)], jitter: 1) == .milliseconds(250))
        #expect(schedule.nextBatch().count == 2)
        #expect(schedule.take([.failure(busy), .failure(busy)], jitter: 0.5) == .milliseconds(250))
        #expect(schedule.nextBatch().count == 1)
        #expect(schedule.take([page()], jitter: 1) == .zero)
        #expect(schedule.nextBatch().count == 1)
        #expect(schedule.take([.failure(busy)], jitter: 1) == .zero)
        #expect(schedule.nextBatch().isEmpty)
        let findings = try schedule.findings()
        #expect(findings.map(\.incomplete.isEmpty) == [true, true, true, false])
        #expect(findings[3].incomplete == ["Elasticsearch is too busy to answer (429: queue is full)"])
    }

    @Test("What is not answered in time is asked once more in smaller batches, and then counts as incomplete")
    func slowness() throws {
        let slow = Result<FlowPage, ElasticsearchError>.failure(.slow("no answer"))
        var schedule = try schedule(4, configuration { $0.searchesPerRequest = 4 })
        #expect(schedule.nextBatch().count == 4)
        _ = schedule.take([slow, slow, slow, slow], jitter: 0)
        #expect(schedule.nextBatch().count == 2)
        _ = schedule.take([page([.sent()]), page()], jitter: 0)
        #expect(schedule.nextBatch().count == 2)
        _ = schedule.take([page(), slow], jitter: 0)
        #expect(schedule.nextBatch().isEmpty)
        #expect(try schedule.findings().map(\.incomplete) == [[], [], [], ["no answer"]])
    }

    @Test("All addresses of a look-up share its room for conversations")
    func room() throws {
        for (limit, peers, incomplete) in [(3, [2, 1], 0), (2, [2, 0], 1)] {
            var schedule = try schedule(2, configuration { $0.roundLimit = limit })
            let addresses = schedule.nextBatch().map(\.address)
            let pages = zip(addresses, [[22, 23], [22]]).map { address, ports in
                page(
                    ports.map { port in
                        var record = FlowRecord.sent(to: port)
                        record.source.address = address
                        return record
                    })
            }
            _ = schedule.take(pages, jitter: 0)
            let findings = try schedule.findings()
            #expect(findings.map(\.peers.count) == peers)
            #expect(findings.map(\.flowRecords) == [2, 1])
            #expect(findings[0].incomplete.isEmpty)
            #expect(
                findings[1].incomplete
                    == Array(
                        repeating:
                            "more conversations than one look-up tells apart: the peers of 1 flow records are left out",
                        count: incomplete))
        }
    }

    @Test("What the cluster asks to wait is waited, up to the limit")
    func retryAfter() throws {
        for (asked, waited) in [(1, 1), (2, 2), (60, 2)] {
            var schedule = try schedule(1, configuration())
            _ = schedule.nextBatch()
            let busy = ElasticsearchError.overloaded(status: 429, reason: "", retryAfter: .seconds(asked))
            #expect(schedule.take([.failure(busy)], jitter: 0) == .seconds(waited))
        }
    }

    @Test("One search that fails makes its address incomplete; the others stand")
    func partialFailure() throws {
        var schedule = try schedule(2, kinds: 2, configuration())
        _ = schedule.nextBatch()
        let closed = ElasticsearchError.refused(status: 400, type: "index_closed_exception", reason: "closed")
        _ = schedule.take([page(), .failure(closed), page(), page()], jitter: 1)
        #expect(schedule.nextBatch().isEmpty)
        let findings = try schedule.findings()
        #expect(findings[0].incomplete == ["\(closed)"])
        #expect(findings[1].incomplete.isEmpty)
    }

    @Test("When nothing was answered the first error is thrown")
    func failure() throws {
        var schedule = try schedule(2, configuration())
        _ = schedule.nextBatch()
        let refused = ElasticsearchError.refused(status: 400, type: "a", reason: "b")
        _ = schedule.take([.failure(refused), .failure(.noSuchIndex("x"))], jitter: 1)
        #expect(throws: refused) { try schedule.findings() }
    }

    @Test("An error that every question would get ends the look-up, and keeps what was found")
    func finalError() throws {
        var schedule = try schedule(3, configuration { $0.searchesPerRequest = 1 })
        _ = schedule.nextBatch()
        _ = schedule.take([page()], jitter: 1)
        _ = schedule.nextBatch()
        _ = schedule.take([.failure(.unreachable("no connection"))], jitter: 1)
        #expect(schedule.nextBatch().isEmpty)
        #expect(try schedule.findings().map(\.incomplete) == [[], ["no connection"], ["no connection"]])
    }

    @Test("What several pages lack is said once")
    func repeated() throws {
        var schedule = try schedule(1, configuration())
        for after in [Query.int(1), nil] {
            _ = schedule.nextBatch()
            _ = schedule.take([page(after: after, incomplete: ["the search ran out of time"])], jitter: 1)
        }
        #expect(try schedule.findings()[0].incomplete == ["the search ran out of time"])
    }
}
