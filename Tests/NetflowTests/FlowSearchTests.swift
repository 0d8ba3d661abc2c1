import JSON
import Pipeline
import Testing
import Timestamps

@testable import Netflow

/// What is asked, and what is read out of the answer, without a cluster.
@Suite struct FlowSearchTests {
    private static let bounds = FlowSearch.Bounds(pageSize: 3, timeout: .seconds(10))

    private func search(
        _ types: [String: FieldType], by map: FieldMap = .ecs, window: Range<Timestamp> = Fixture.window
    ) throws -> FlowSearch {
        FlowSearch(
            address: attacker, fields: try IndexFields(map, types: types), indices: ["netflow-*"], window: window)
    }

    private func body(_ search: FlowSearch) throws -> JSONValue {
        try JSONDocument(search.body(Self.bounds).line).root
    }

    private static let addresses: [String: FieldType] = [
        "source.ip": .ip, "destination.ip": .ip, "@timestamp": .date, "network.iana_number": .keyword,
        "source.packets": .number,
    ]

    @Test("Only records with both addresses, a protocol, and bytes or packets are asked for")
    func flowsOnly() throws {
        var types = Self.addresses
        func required(_ types: [String: FieldType]) throws -> [[String]] {
            try body(search(types)).values(at: "query.bool.filter").compactMap { filter in
                let alternatives = filter.values(at: "bool.should.exists.field") + filter.values(at: "exists.field")
                return alternatives.isEmpty ? nil : alternatives.compactMap(\.string)
            }
        }
        #expect(
            try required(types) == [["source.ip"], ["destination.ip"], ["network.iana_number"], ["source.packets"]])
        types["network.transport"] = .keyword
        types["source.bytes"] = .number
        types["network.bytes"] = .number
        types["destination.packets"] = .number
        #expect(
            try required(types).suffix(2) == [
                ["network.iana_number", "network.transport"],
                ["source.bytes", "network.bytes", "source.packets", "destination.packets"],
            ])
    }

    @Test(
        "Times that no clock shows are none, and bring nothing down",
        arguments: ["9.2e18", "-1", "1e300", "9223372036854775807", "253402300800000"])
    func impossibleTimes(number: String) throws {
        let answer = try JSONDocument(
            """
            {"_shards":{"total":1},"aggregations":{"c":{"buckets":[
            {"key":{"s":"203.0.113.50","d":"10.20.0.10"},"doc_count":1,"f":{"value":\(number)}},
            {"key":{"s":"203.0.113.50","d":"10.20.0.11"},"doc_count":1,"f":{"value":1795161600000},
            "s":{"value":\(number)},"du":{"value":9.2E18}}]},
            "tot":{"buckets":{"fwd":{"doc_count":2,"f":{"value":\(number)},"l":{"value":\(number)}}}}}}
            """)
        var types = Self.addresses
        types["event.duration"] = .number
        types["network.transport"] = .keyword
        let page = try #require(
            FlowPage(answer.root, to: try search(types, by: FieldMapTests.zeek), pageSize: 3))
        #expect(page.records.map(\.first) == [moment(0)])
        #expect(page.totals?.first == nil)
    }

    @Test("The window is widened to whole minutes")
    func minutes() throws {
        for (start, end) in [(0, 60_000), (1, 1), (59_999, 59_999), (0, 1)] {
            let window = moment(Int64(start))..<moment(Int64(end))
            let range = try body(search(Self.addresses, window: window)).value(at: "query.bool.filter.range.@timestamp")
            #expect(range?["gte"]?.string == "2026-11-20T08:00:00.000Z")
            #expect(range?["lt"]?.string == "2026-11-20T08:01:00.000Z")
        }
    }

    @Test("A time that is kept as a number is asked in its unit, and read in it")
    func numbers() throws {
        let types: [String: FieldType] = [
            "src_addr": .ip, "dst_addr": .ip, "time_received_ns": .number, "time_flow_start_ns": .number,
            "proto": .keyword, "bytes": .number,
        ]
        let search = try search(types, by: FieldMapTests.goflow2)
        let range = try body(search).value(at: "query.bool.filter.range.time_received_ns")
        #expect(range?["gte"]?.int == 1_795_161_600_000_000_000)
        #expect(range?["lt"]?.int == 1_795_165_200_000_000_000)
        #expect(range?["format"] == nil)
        let answer = try JSONDocument(
            """
            {"_shards":{"total":1,"failed":0},"aggregations":{"c":{"buckets":[
            {"key":{"s":"203.0.113.50","d":"10.20.0.10"},"doc_count":1,"f":{"value":1.795161600001E18}}]}}}
            """)
        let page = try #require(FlowPage(answer.root, to: search, pageSize: 3))
        #expect(page.records.map(\.first) == [moment(1)])
    }

    @Test("A duration in the place of an end gives an end that no record is later than")
    func duration() throws {
        var types = Self.addresses
        types["event.duration"] = .number
        types["network.transport"] = .keyword
        let search = try search(types, by: FieldMapTests.zeek)
        let body = try body(search)
        #expect(body.value(at: "aggs.c.aggs.du.max.field")?.string == "event.duration")
        let answer = try JSONDocument(
            """
            {"_shards":{"total":1},"aggregations":{"c":{"buckets":[{"key":{"s":"203.0.113.50","d":"10.20.0.10"},
            "doc_count":2,"f":{"value":1795161600000},"s":{"value":1795161601000},"du":{"value":5.0E8}}]}}}
            """)
        let page = try #require(FlowPage(answer.root, to: search, pageSize: 3))
        #expect(page.records.map(\.first) == [moment(0)])
        #expect(page.records.map(\.last) == [moment(1500)])
    }

    @Test("Only what the indices have is asked for, and a record without ports is not lost")
    func mappedOnly() throws {
        var types = Self.addresses
        let bare = try body(search(types))
        #expect(bare.values(at: "aggs.c.composite.sources").flatMap(\.members).map(\.key) == ["s", "d", "t0"])
        #expect(bare.value(at: "aggs.c.aggs.fm") == nil)
        #expect(bare.value(at: "aggs.c.aggs.bi") == nil)
        types["source.port"] = .number
        types["destination.packets"] = .number
        types["event.start"] = .date
        let more = try body(search(types))
        let sources = more.values(at: "aggs.c.composite.sources").flatMap(\.members)
        #expect(sources.map(\.key) == ["s", "d", "sp", "t0"])
        #expect(sources.allSatisfy { $0.value.value(at: "terms.missing_bucket")?.bool == true })
        #expect(more.value(at: "aggs.c.aggs.fm.missing.field")?.string == "event.start")
        #expect(more.value(at: "aggs.c.aggs.fm.aggs.f.min.field")?.string == "@timestamp")
        #expect(more.value(at: "aggs.c.aggs.bi.aggs.f.min.field")?.string == "event.start")
    }

    @Test("The same question is the same bytes; a later page asks no totals and begins where the one before ended")
    func stability() throws {
        var search = try search(Self.addresses)
        #expect(search.body(Self.bounds).line == search.body(Self.bounds).line)
        #expect(!search.body(Self.bounds).line.contains(UInt8(ascii: "\n")))
        #expect(try body(search).value(at: "aggs.tot") != nil)
        search.after = Query(try JSONDocument(#"{"s":"10.0.0.1","d":null,"sp":80,"x":true}"#).root)
        let next = try body(search)
        #expect(next.value(at: "aggs.tot") == nil)
        let after = try #require(next.value(at: "aggs.c.composite.after"))
        #expect(after["s"]?.string == "10.0.0.1")
        #expect(after["d"]?.isNull == true)
        #expect(after["sp"]?.int == 80)
        #expect(after["x"]?.bool == true)
    }

    @Test("Buckets are read with whatever the engine leaves out; a key that is no address is no record")
    func buckets() throws {
        let answer = try JSONDocument(
            """
            {"timed_out":false,"_shards":{"total":1,"failed":0},"aggregations":{"c":{"after_key":{"s":"z"},"buckets":[
            {"key":{"s":"203.0.113.50","d":"10.20.0.10","t0":null,"t1":"udp","sp":null,"dp":80},"doc_count":2,
             "sb":{"value":120.0},"spk":{"value":2.0},"f":{"value":null},"fm":{"doc_count":2,"f":{"value":1795161600000}},
             "l":{"value":null},"lm":{"doc_count":2,"l":{"value":1795161600500}},
             "fl":{"buckets":[{"key":2,"doc_count":1},{"key":16,"doc_count":1}]}},
            {"key":{"s":"/wAB","d":"10.20.0.10"},"doc_count":1,"f":{"value":1795161600000}},
            {"key":{"s":"203.0.113.50","d":"10.20.0.10"},"doc_count":1}]}}}
            """)
        var types = Self.addresses
        types["event.start"] = .date
        types["event.end"] = .date
        types["network.transport"] = .keyword
        let search = try search(types)
        let page = try #require(FlowPage(answer.root, to: search, pageSize: 3))
        #expect(page.records.count == 1)
        let record = try #require(page.records.first)
        #expect((record.transport, record.source.port, record.destination.port) == (17, 0, 80))
        #expect(record.forward == .init(bytes: 120, packets: 2))
        #expect((record.first, record.last) == (moment(0), moment(500)))
        #expect(record.flags == [.syn, .ack])
        #expect(record.records == 2)
        #expect(record.biflowStart == nil)
        #expect(page.after != nil)
        #expect(try #require(FlowPage(answer.root, to: search, pageSize: 4)).after == nil)
    }

    @Test(
        "What a page may lack is said",
        arguments: [
            (#"{"timed_out":true,"_shards":{"total":5,"failed":0}"#, ["the search ran out of time"]),
            (#"{"timed_out":false,"_shards":{"total":5,"failed":2}"#, ["2 of 5 shards failed"]),
            (
                #"{"_shards":{"total":5,"failed":1,"failures":[{"reason":{"type":"x","reason":"no fielddata"}}]}"#,
                ["1 of 5 shards failed: no fielddata"]
            ),
            (#"{"_shards":{"total":0,"failed":0}"#, ["no index matched netflow-*"]),
            (#"{"_shards":{"total":5,"failed":0,"skipped":4},"terminated_early":true"#, []),
        ])
    func shortcomings(_ beginning: String, _ expected: [String]) throws {
        let answer = try JSONDocument(#"\#(beginning),"aggregations":{"c":{"buckets":[]}}}"#)
        let page = try #require(FlowPage(answer.root, to: search(Self.addresses), pageSize: 3))
        #expect(page.incomplete == expected)
    }

    @Test("Without a shard there are no aggregations; without aggregations otherwise there is no answer")
    func noAggregations() throws {
        let search = try search(Self.addresses)
        let empty = try JSONDocument(#"{"_shards":{"total":0,"failed":0},"hits":{"hits":[]}}"#)
        #expect(FlowPage(empty.root, to: search, pageSize: 3)?.incomplete == ["no index matched netflow-*"])
        for text in [#"{"_shards":{"total":1}}"#, "{}", "[]", #"{"_shards":{"total":1},"aggregations":{"c":{}}}"#] {
            let document = try JSONDocument(text)
            #expect(FlowPage(document.root, to: search, pageSize: 3) == nil)
        }
    }
}
