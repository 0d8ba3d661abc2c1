import JSON
import Testing

@testable import Netflow

@Suite struct IndexGroupsTests {
    private func groups(_ indices: [String], _ fields: String, maps: [FieldMap] = FieldMap.all) throws -> IndexGroups {
        let names = indices.map { "\"\($0)\"" }.joined(separator: ",")
        let document = try JSONDocument("{\"indices\":[\(names)],\"fields\":{\(fields)}}")
        return try #require(IndexGroups(document.root, maps: maps))
    }

    /// A field that has one type wherever it is.
    private func field(_ name: String, _ type: String) -> String {
        "\"\(name)\":{\"\(type)\":{\"type\":\"\(type)\",\"searchable\":true,\"aggregatable\":\(type != "text")}}"
    }

    /// A field that has these types in these indices.
    private func field(_ name: String, _ types: [(String, [String])]) -> String {
        let types = types.map { type, indices in
            let names = indices.map { "\"\($0)\"" }.joined(separator: ",")
            return "\"\(type)\":{\"type\":\"\(type)\",\"searchable\":true,\"aggregatable\":true,\"indices\":[\(names)]}"
        }
        return "\"\(name)\":{\(types.joined(separator: ","))}"
    }

    private var addresses: String { "\(field("source.ip", "ip")),\(field("destination.ip", "ip")),\(counts)" }

    /// What a record needs besides the addresses.
    private var counts: String { "\(field("network.transport", "keyword")),\(field("network.packets", "long"))" }

    @Test(
        "Indices without a protocol, or without bytes and packets, hold no flows",
        arguments: ["network.transport", "network.packets"])
    func noFlows(field name: String) throws {
        let addresses = [field("source.ip", "ip"), field("destination.ip", "ip"), field("@timestamp", "date")]
        let type = name == "network.transport" ? "keyword" : "long"
        let found = try groups(["web"], (addresses + [field(name, type)]).joined(separator: ","))
        #expect(found.groups.isEmpty && found.unusable.isEmpty)
        #expect(found.shortcomings(of: ["*"]) == ["none of the 1 indices that match * holds flows"])
    }

    @Test("Indices that agree are one group, asked by the patterns that matched them")
    func one() throws {
        let found = try groups(["a", "b"], "\(addresses),\(field("@timestamp", "date"))")
        #expect(found.groups.map(\.indices) == [["a", "b"]])
        #expect(found.targets(["netflow-*"]).map(\.indices) == [["netflow-*"]])
        #expect(found.shortcomings(of: ["netflow-*"]).isEmpty)
    }

    @Test("Of the paths of a schema those count that the indices have, in the schema's order")
    func resolution() throws {
        let bare = try groups(["a"], "\(addresses),\(field("@timestamp", "date")),\(field("network.bytes", "long"))")
        let fields = try #require(bare.groups.first?.fields)
        #expect(fields.schema == "ecs")
        #expect(fields.source.bytes == "network.bytes")
        #expect(fields.source.port == nil)
        #expect(fields.destination.packets == nil)
        #expect(fields.source.packets == "network.packets")
        #expect(fields.start.map(\.field.path) == ["@timestamp"])
        let full = try groups(
            ["a"],
            [
                addresses, field("@timestamp", "date_nanos"), field("source.bytes", "unsigned_long"),
                field("network.bytes", "long"), field("event.start", "date"),
                field("netflow.flow_end_milliseconds", "long"),
            ].joined(separator: ","))
        let more = try #require(full.groups.first?.fields)
        #expect(more.source.bytes == "source.bytes")
        #expect(more.transport == ["network.transport"])
        #expect(more.start.map(\.field.path) == ["event.start", "@timestamp"])
        #expect(more.end.map(\.field.path) == ["netflow.flow_end_milliseconds", "@timestamp"])
        #expect(more.end.map(\.isDate) == [false, true])
    }

    @Test("Indices that keep a field in different ways are asked apart, each by its names")
    func types() throws {
        let found = try groups(
            ["a", "b", "c"],
            [
                field("source.ip", [("ip", ["a", "c"]), ("text", ["b"])]),
                field("source.ip.keyword", [("keyword", ["b"]), ("unmapped", ["a", "c"])]),
                field("destination.ip", "ip"), field("@timestamp", "date"), counts,
            ].joined(separator: ","))
        #expect(found.groups.map(\.indices) == [["a", "c"], ["b"]])
        #expect(found.groups.map(\.fields.source.address) == ["source.ip", "source.ip.keyword"])
        #expect(found.targets(["netflow-*"]).map(\.indices) == [["a", "c"], ["b"]])
    }

    @Test("Indices without the addresses are none of ours, and are not asked along with the others")
    func otherIndices() throws {
        let found = try groups(
            ["a", "web"],
            [
                field("source.ip", "ip"), field("destination.ip", [("ip", ["a"]), ("unmapped", ["web"])]),
                field("@timestamp", "date"), counts,
            ].joined(separator: ","))
        #expect(found.targets(["*"]).map(\.indices) == [["a"]])
        #expect(found.shortcomings(of: ["*"]).isEmpty)
        let none = try groups(["web"], field("@timestamp", "date"))
        #expect(none.targets(["*"]).isEmpty)
        #expect(none.shortcomings(of: ["*"]) == ["none of the 1 indices that match * holds flows"])
    }

    @Test("An address kept as text alone, or a time that is none, is said with an index that has it")
    func unusable() throws {
        let text = try groups(
            ["a"],
            "\(field("source.ip", "text")),\(field("destination.ip", "ip")),\(field("@timestamp", "date")),\(counts)")
        #expect(
            text.shortcomings(of: ["*"]) == [
                "1 indices keep source.ip in a form that cannot be searched (a is one)"
            ])
        let time = try groups(["a"], "\(addresses),\(field("@timestamp", "keyword"))")
        #expect(
            time.shortcomings(of: ["*"]) == [
                "1 indices keep @timestamp in a form that cannot be searched (a is one)"
            ])
        #expect(time.targets(["*"]).isEmpty)
    }

    @Test("A field that cannot be aggregated is not used")
    func noDocValues() throws {
        let bytes = #""source.bytes":{"long":{"type":"long","searchable":true,"aggregatable":false}}"#
        let found = try groups(["a"], "\(addresses),\(field("@timestamp", "date")),\(bytes)")
        #expect(found.groups[0].fields.source.bytes == nil)
    }

    @Test("No index is said with the patterns")
    func nothing() throws {
        let found = try groups([], "")
        #expect(found.targets(["a-*", "b-*"]).isEmpty)
        #expect(found.shortcomings(of: ["a-*", "b-*"]) == ["no index matched a-*,b-*"])
    }

    @Test("Long lists of names are cut into pieces that fit into a request line, and none is lost")
    func pieces() throws {
        let names = (0..<200).map { "netflow-2026.11.20-of-the-branch-office-\($0)" }
        let found = try groups(
            names + ["web"],
            [
                field("source.ip", [("ip", names), ("unmapped", ["web"])]), field("destination.ip", "ip"),
                field("@timestamp", "date"), counts,
            ].joined(separator: ","))
        let targets = found.targets(["*"])
        #expect(targets.count == 3)
        #expect(targets.flatMap(\.indices) == names)
        #expect(targets.allSatisfy { $0.indices.joined(separator: ",").utf8.count <= 3000 })
    }

    @Test("The first schema that an index has is taken")
    func schemas() throws {
        let maps = [FieldMapTests.goflow2, FieldMap.ecs]
        let flat = [
            field("src_addr", "ip"), field("dst_addr", "ip"), field("time_received_ns", "long"),
            field("time_flow_start_ns", "long"), field("proto", "keyword"), field("bytes", "long"),
        ].joined(separator: ",")
        #expect(try groups(["a"], flat, maps: maps).groups.map(\.fields.schema) == ["goflow2"])
        #expect(
            try groups(["a"], "\(addresses),\(field("@timestamp", "date"))", maps: maps).groups.map(\.fields.schema)
                == ["ecs"])
    }

    @Test("What is no answer to _field_caps is told apart", arguments: ["{}", "[]", #"{"fields":[]}"#, "null"])
    func noAnswer(_ text: String) throws {
        let document = try JSONDocument(text)
        #expect(IndexGroups(document.root, maps: FieldMap.all) == nil)
    }
}
