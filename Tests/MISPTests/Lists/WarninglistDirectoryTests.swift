import Foundation
import IPAddresses
import Pipeline
import TestKit
import Testing

@testable import MISP

/// What a directory of warninglist files names, and what it refuses to be read as.
struct WarninglistDirectoryTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func write(
        _ name: String, type: String? = "cidr", for attributes: [String]? = ["ip-src", "ip-dst"], _ entries: [String],
        to file: String
    ) throws {
        var list: [String: Any] = ["name": name, "version": 20_260_101, "description": "a list", "list": entries]
        list["type"] = type
        list["matching_attributes"] = attributes
        let directory = URL(filePath: folder.file(file)).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try folder.write(try JSONSerialization.data(withJSONObject: list), to: file)
    }

    private func lists(_ directory: WarninglistDirectory, name address: String) async throws -> [String] {
        try await directory.matches(of: SourceKey(Sample.address(address)), []).map { "\($0.list): \($0.matched)" }
    }

    @Test("Files are found as in the collection: in its clone, in its folder of lists, and flat")
    func layouts() async throws {
        try write("A", ["192.0.2.0/24"], to: "clone/lists/a/list.json")
        try write("ignored", ["192.0.2.0/24"], to: "clone/package.json")
        try write("B", ["192.0.2.7"], to: "clone/lists/b.json")
        try folder.write("no list", to: "clone/lists/README.md")
        for root in ["clone", "clone/lists"] {
            let directory = try WarninglistDirectory(folder.file(root))
            #expect(try await lists(directory, name: "192.0.2.7") == ["A: 192.0.2.0/24", "B: 192.0.2.7"])
            #expect(try await lists(directory, name: "192.0.3.7") == [])
            #expect(directory.summary == .init(files: 2, lists: 2, entries: 2))
        }
    }

    @Test("Only lists of addresses count, whatever else a directory holds")
    func kinds() async throws {
        try write("blocks", ["192.0.2.0/24", "2001:db8:7::1"], to: "a.json")
        try write("mixed", type: "string", ["192.0.2.7", "example.org"], to: "b.json")
        try write("without a type", type: nil, for: nil, ["192.0.2.7"], to: "c.json")
        try write("names", type: "hostname", ["192.0.2.7"], to: "d.json")
        try write("parts", type: "substring", ["192.0.2."], to: "e.json")
        try write("patterns", type: "regex", ["/192/"], to: "f.json")
        try write("for domains", for: ["domain", "hostname"], ["192.0.2.7"], to: "g.json")
        try write("text", type: "string", ["example.org"], to: "h.json")
        try write("none", [], to: "i.json")
        let directory = try WarninglistDirectory(folder.path)
        #expect(
            try await lists(directory, name: "192.0.2.7") == [
                "blocks: 192.0.2.0/24", "mixed: 192.0.2.7", "without a type: 192.0.2.7",
            ])
        #expect(directory.summary == .init(files: 9, lists: 4, entries: 4))
    }

    @Test("An IPv6 source is on a list that names any address of its /64, or more than it")
    func networks() async throws {
        try write("one", ["2001:db8:7::1"], to: "a.json")
        try write("wide", ["2001:db8::/32"], to: "b.json")
        let directory = try WarninglistDirectory(folder.path)
        #expect(
            try await lists(directory, name: "2001:db8:7::9") == ["one: 2001:db8:7::1", "wide: 2001:db8::/32"])
        #expect(try await lists(directory, name: "2001:db8:7:1::1") == ["wide: 2001:db8::/32"])
        #expect(try await lists(directory, name: "2001:db9::1") == [])
    }

    @Test(
        "What is no list is refused with its name and what was expected",
        arguments: [
            (#"{"name":"x""#, "is no JSON"), ("[]", "is something else"),
            (#"{"type":"cidr","list":[]}"#, "it has no name"), (#"{"name":"x","type":"cidr"}"#, "it has no list"),
            (#"{"name":"","type":"cidr","list":[]}"#, "its name is empty"),
            (#"{"name":"x","type":"cidr","list":[1]}"#, "its list is something else"),
            (#"{"name":"x","type":"cidr","list":"192.0.2.1"}"#, "its list is something else"),
            (
                #"{"name":"x","type":"net","list":[]}"#,
                #"expected one of cidr, string, substring, hostname, regex as type"#
            ),
            (
                #"{"name":"x","type":"cidr","list":["192.0.2.1","192.0.2.0/33"]}"#,
                #"entry 2: expected an address or a block such as 192.0.2.0/24, got "192.0.2.0/33""#
            ),
        ])
    func broken(text: String, reason: String) throws {
        try write("good", ["192.0.2.0/24"], to: "good.json")
        try folder.write(text, to: "bad.json")
        let faults = try #require(throws: WarninglistFaults.self) { try WarninglistDirectory(folder.path) }
        #expect(faults.faults.count == 1)
        #expect(faults.description.hasPrefix("\(folder.path)/bad.json: "), "\(faults)")
        #expect(faults.description.contains(reason), "\(faults)")
    }

    @Test("A directory that names nobody, or is none, is a mistake: nobody may pass for unlisted because of it")
    func nothing() throws {
        for (path, reason) in [
            ("missing", "Not a directory"), ("file", "Not a directory"), ("empty", "there is none"),
            ("names", "none of its 1 is one"),
        ] {
            switch path {
            case "file": try folder.write("x", to: "file")
            case "empty":
                try FileManager.default.createDirectory(atPath: folder.file("empty"), withIntermediateDirectories: true)
            case "names": try write("names", type: "hostname", ["example.org"], to: "names/list.json")
            default: break
            }
            let faults = try #require(throws: WarninglistFaults.self) { try WarninglistDirectory(folder.file(path)) }
            #expect(faults.description.contains(reason), "\(faults)")
        }
    }

    @Test("Many broken files are told in a few lines, and a pipe among them is not waited for")
    func many() throws {
        for number in 1...8 { try folder.write("{", to: "\(number).json") }
        #expect(mkfifo(folder.file("0.json"), 0o600) == 0)
        let faults = try #require(throws: WarninglistFaults.self) { try WarninglistDirectory(folder.path) }
        #expect(faults.faults.count == 6)
        #expect(faults.faults.first == "\(folder.path)/0.json: expected a file")
        #expect(faults.faults.last == "4 more files can't be used")
    }

    @Test("Read again, it says what is there now; where that is broken, what it said before")
    func reload() async throws {
        try write("A", ["192.0.2.0/24"], to: "a.json")
        let directory = try WarninglistDirectory(folder.path)
        try write("A", ["198.51.100.0/24"], to: "a.json")
        try directory.reload()
        #expect(try await lists(directory, name: "192.0.2.7") == [])
        #expect(try await lists(directory, name: "198.51.100.7") == ["A: 198.51.100.0/24"])
        try folder.write("{", to: "b.json")
        #expect(throws: WarninglistFaults.self) { try directory.reload() }
        #expect(try await lists(directory, name: "198.51.100.7") == ["A: 198.51.100.0/24"])
    }
}
