import JSON
import Testing

@Suite("Paths looked up together")
struct JSONPathTreeTests {
    private static let paths = [
        "id", "rule.id", "rule", "data.aws.sourceIPAddress", "data.srcip", "a_name_longer_than_sixteen_bytes",
        "data.aws.service.action.remoteIpDetails", "list.ip", "data.grün",
    ]

    /// What the paths lead to in `text`, as its source text by path.
    private func walk(_ text: String) throws -> [String: String] {
        let tree = JSONPathTree(Self.paths)
        var matches = tree.nothing
        var tape = JSONTape()
        let bytes = Array(text.utf8)
        try tape.read(bytes.span)
        tree.walk(0, of: tape, bytes.span, &matches)
        var found: [String: String] = [:]
        for (path, match) in zip(Self.paths, matches.all) where match.walk == matches.walk {
            #expect(match.node.range == tape[Int(match.index)].range)
            found[path] = String(decoding: bytes[match.node.range], as: UTF8.self)
        }
        return found
    }

    @Test(
        "members are found wherever they stand",
        arguments: [
            (#"{}"#, [:]),
            (#"{"id":"1"}"#, ["id": "\"1\""]),
            (
                #"{"rule":{"x":0,"id":"5710"},"id":null}"#,
                ["rule": #"{"x":0,"id":"5710"}"#, "rule.id": "\"5710\"", "id": "null"]
            ),
            (#"{"rule":[{"id":1}]}"#, ["rule": #"[{"id":1}]"#]),
            (#"{"rule":"id"}"#, ["rule": "\"id\""]),
            (#"{"data":{"srcip":1,"id":2,"data":{"srcip":3}}}"#, ["data.srcip": "1"]),
            (
                #"{"a_name_longer_than_sixteen_bytes":1,"a_name_longer_than_sixteen_bytez":2}"#,
                ["a_name_longer_than_sixteen_bytes": "1"]
            ),
            (#"{"a_name_longer":1,"srcip":2,"ID":3,"i":4,"idx":5,"":6}"#, [:]),
            (#"{"data":{"gr\u00fcn":1}}"#, ["data.grün": "1"]),
            (#"{"data":{"grün":1}}"#, ["data.grün": "1"]),
            (#"{"d\u0061ta":{"\u0073rcip":1}}"#, ["data.srcip": "1"]),
        ])
    func finds(text: String, expected: [String: String]) throws {
        #expect(try walk(text) == expected)
    }

    @Test(
        "a key with dots stands for its path",
        arguments: [
            (#"{"data.srcip":1}"#, ["data.srcip": "1"]),
            (#"{"data":{"aws.sourceIPAddress":1}}"#, ["data.aws.sourceIPAddress": "1"]),
            (
                #"{"data.aws":{"service.action":{"remoteIpDetails":1}}}"#,
                ["data.aws.service.action.remoteIpDetails": "1"]
            ),
            (#"{"data.aws.nothing":1,"data..srcip":2,".id":3,"id.":4,"rule.id.x":5}"#, [:]),
            (#"{"data\u002esrcip":1}"#, ["data.srcip": "1"]),
        ])
    func findsDottedKeys(text: String, expected: [String: String]) throws {
        #expect(try walk(text) == expected)
    }

    @Test(
        "of a key that comes twice the last one counts alone",
        arguments: [
            (#"{"id":1,"id":2}"#, ["id": "2"]),
            (#"{"rule":{"id":1},"rule":{}}"#, ["rule": "{}"]),
            (#"{"data":{"srcip":1,"aws":{"sourceIPAddress":2}},"data":{"aws":{}}}"#, [:]),
            (#"{"data":{"srcip":1},"data":7}"#, [:]),
            (#"{"data":{"srcip":1},"data.srcip":2}"#, ["data.srcip": "2"]),
        ])
    func lastOneCounts(text: String, expected: [String: String]) throws {
        #expect(try walk(text) == expected)
    }

    @Test("nothing is left of the walk before")
    func forgets() throws {
        let tree = JSONPathTree(["a", "b"])
        var matches = tree.nothing
        var tape = JSONTape()
        for (text, expected) in [(#"{"a":1}"#, [true, false]), (#"{"b":1}"#, [false, true]), ("{}", [false, false])] {
            let bytes = Array(text.utf8)
            try tape.read(bytes.span)
            tree.walk(0, of: tape, bytes.span, &matches)
            #expect(matches.all.prefix(2).map { $0.walk == matches.walk } == expected)
        }
    }

    @Test("collecting goes through arrays and keeps everything")
    func collects() throws {
        let tree = JSONPathTree(["list.ip", "list", "id"])
        var tape = JSONTape()
        let bytes = Array(#"{"list":[{"ip":1},[{"ip":2}],3,{"ip":4,"ip":5}],"id":6,"list":[{"ip":7}],"id":8}"#.utf8)
        try tape.read(bytes.span)
        let found = tree.collect(0, of: tape, bytes.span).map { match in
            "\(match.path) " + String(decoding: bytes[tape[match.index].range], as: UTF8.self)
        }
        #expect(found == [#"1 [{"ip":7}]"#, "0 7", "2 8"])
        let once = Array(#"{"list":[{"ip":1},[{"ip":2}],3,{"ip":4,"ip":5}]}"#.utf8)
        try tape.read(once.span)
        let addresses = tree.collect(0, of: tape, once.span).filter { $0.path == 0 }
        #expect(addresses.map { String(decoding: once[tape[$0.index].range], as: UTF8.self) } == ["1", "2", "5"])
    }
}
