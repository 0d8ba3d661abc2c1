import Foundation
import TestKit
import Testing

@testable import MISP

struct FeedOrganisationTests {
    let directory: TemporaryFolder

    init() throws {
        directory = try TemporaryFolder()
    }

    @Test("The organisation is made at the first start and stays the same from then on")
    func kept() throws {
        let data = directory.path + "/data"
        let first = try FeedOrganisation.load(from: data, name: "Example Org")
        #expect(first.name == "Example Org")
        #expect(try FeedOrganisation.load(from: data, name: "Another name") == first)
        let other = try FeedOrganisation.load(from: directory.path + "/other", name: "Example Org")
        #expect(other.uuid != first.uuid)
    }

    @Test("Its file is for people to read, and to keep")
    func file() throws {
        let uuid = Sample.organisation.uuid
        _ = try FeedOrganisation.load(from: directory.path, name: " Example \u{1f514} Org\n", uuid: uuid)
        #expect(
            try directory.read("organisation.json") == """
                {
                  "name" : "Example \u{fffd} Org",
                  "uuid" : "5f0c6a3e-8d1b-4c52-9b7e-2a4d6e8f0a1c"
                }
                """)
    }

    @Test("An organisation needs a name", arguments: ["", " \n"])
    func nameless(name: String) throws {
        let error = try #require(throws: InvalidSetting.self) {
            try FeedOrganisation.load(from: directory.path, name: name)
        }
        #expect(error.key == "feed.organisation")
        #expect(try directory.names() == [])
    }

    @Test(
        "A file that can't be read is an error and stays as it is",
        arguments: [
            ("", "no file"), ("{", "no file"), ("{\"name\":\"x\"}", "lacks \"uuid\""),
            ("{\"name\":\"x\",\"uuid\":\"5f0c6a3e\"}", "uuid"),
            ("{\"name\":\"\",\"uuid\":\"5f0c6a3e-8d1b-4c52-9b7e-2a4d6e8f0a1c\"}", "the name is empty"),
            ("{\"name\":7,\"uuid\":\"5f0c6a3e-8d1b-4c52-9b7e-2a4d6e8f0a1c\"}", "name"),
        ])
    func broken(content: String, reason: String) throws {
        try directory.write(content, to: "organisation.json")
        let error = try #require(throws: FeedError.self) {
            try FeedOrganisation.load(from: directory.path, name: "Example Org")
        }
        guard case .brokenOrganisation(let file, let why) = error else {
            Issue.record("expected a broken file, got \(error)")
            return
        }
        #expect(file.hasSuffix("/organisation.json"))
        #expect(reason == "no file" || why.contains(reason), "\(why)")
        #expect(try directory.read("organisation.json") == content)
    }
}
