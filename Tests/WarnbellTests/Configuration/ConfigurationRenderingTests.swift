import Foundation
import TestKit
import Testing

@testable import Warnbell

struct ConfigurationRenderingTests {
    @Test("No section has the name of a key")
    func sections() {
        #expect(ConfigurationKey.sections.isDisjoint(with: ConfigurationKey.all.map(\.name)))
        #expect(ConfigurationKey.sections.contains("netflow.elasticsearch"))
    }

    @Test("The reference has one row for each key, and each row its cells")
    func reference() throws {
        let rows = ConfigurationReference.text.split(separator: "\n").map(String.init).filter { $0.hasPrefix("|") }
        #expect(rows.count == ConfigurationKey.all.count + 2)
        for (key, row) in zip(ConfigurationKey.all, rows.dropFirst(2)) {
            #expect(row.hasPrefix("| `\(key.name)` | "), "\(row)")
            #expect(row.hasSuffix(" | \(key.summary) |"), "\(row)")
            #expect(row.replacing("\\|", with: "").count { $0 == "|" } == 5, "\(row)")
            #expect(key.summary.hasSuffix("."), "\(key.name)")
        }
        #expect(
            rows.contains(
                "| `listen.port` | `8787` | A whole number from 0 to 65535 | The TCP port; 0 lets the system choose a free one. |"
            ))
        #expect(rows.contains { $0.hasPrefix("| `feed.enabled` | on when there is no `misp.url` | True or false | ") })
        #expect(rows.contains { $0.hasPrefix("| `misp.key` | none | One line of text | ") })
        #expect(
            rows.contains { $0.hasPrefix("| `networks.own` | `10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7` | ") })
    }

    @Test("The example sets nothing as it is, and the defaults where it is uncommented")
    func example() throws {
        let text = ConfigurationExample.text
        let untouched = try #require(try load(text).loaded)
        #expect(untouched.configuration == Configuration())
        #expect(untouched.origins.isEmpty)

        // Comments have a blank after the number sign, keys have not.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let withDefaults = lines.map { $0.replacing(/^( *)#(?! |  - )/, with: { $0.output.1 }) }.joined(separator: "\n")
        var assigned = ConfigurationFile(withDefaults, path: "example.yaml")
        #expect(assigned.problems == [])
        assigned = ConfigurationFile(
            text.replacing("#  - ", with: "  - ").replacing(/#(?! )/, with: ""), path: "example.yaml")
        #expect(assigned.problems == [])
        #expect(Set(assigned.values.keys) == Set(ConfigurationKey.all.map(\.name)))
        for key in ConfigurationKey.all {
            guard let standard = key.standard.raw, !standard.elements.isEmpty else { continue }
            #expect(assigned.values[key.name] == standard, "\(key.name)")
        }
    }

    @Test("The listing shows every key, its value and its place; secrets are redacted in every form")
    func listing() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("hunter3", to: "es")
        let (loaded, _) = try load(
            """
            misp: {url: https://misp.example.org, key: hunter2, tags: [a, b]}
            netflow.elasticsearch: {url: https://es.example.org, api_key_file: \(file)}
            """, ["WARNBELL_LISTEN_PORT": "9000"], in: folder)
        let listing = ConfigurationListing(loaded: try #require(loaded))

        let lines = listing.text.split(separator: "\n").map { line in
            line.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        }
        #expect(lines.count == ConfigurationKey.all.count)
        #expect(lines.contains("listen.port 9000 environment variable WARNBELL_LISTEN_PORT"))
        #expect(lines.contains("listen.host 127.0.0.1 default"))
        #expect(lines.contains("misp.key *** \(folder.path)/warnbell.yaml:1"))
        #expect(lines.contains("misp.key_file (none) default"))
        #expect(lines.contains("misp.tags a, b \(folder.path)/warnbell.yaml:1"))
        #expect(lines.contains("netflow.elasticsearch.api_key *** \(folder.path)/warnbell.yaml:2"))
        #expect(lines.contains("feed.enabled false default"), "what applies, not what decides about it")
        #expect(lines.contains("feed.directory ./warnbell-data/feed default"))
        #expect(lines.contains("policy.file (built in) default"))
        #expect(lines.contains("netflow.elasticsearch.api_key_file \(file) \(folder.path)/warnbell.yaml:2"))

        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(listing.json().utf8)) as? [String: [String: Any]])
        #expect(json.count == ConfigurationKey.all.count)
        #expect(json["listen.port"]?["value"] as? Int == 9000)
        #expect(json["listen.port"]?["from"] as? String == "environment variable WARNBELL_LISTEN_PORT")
        #expect(json["feed.include_tests"]?["value"] as? Bool == false)
        #expect(json["misp.tags"]?["value"] as? [String] == ["a", "b"])
        #expect(json["feed.enabled"]?["value"] as? Bool == false)
        #expect(json["feed.directory"]?["value"] as? String == "./warnbell-data/feed")
        #expect(json["misp.ca_file"]?["value"] is NSNull)
        #expect(json["misp.key"]?["value"] as? String == "***")
        #expect(json["batch.quiet"]?["value"] as? String == "1s")

        for text in [listing.text, try listing.json()] { #expect(!text.contains("hunter")) }
    }

    @Test("A secret shows itself in no description")
    func secret() throws {
        let (loaded, _) = try load("misp: {url: https://misp.example.org, key: hunter2}")
        let configuration = try #require(loaded).configuration
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(configuration)", String(reflecting: configuration), dumped, "\(configuration.misp.key as Any)"]
        {
            #expect(!text.contains("hunter2"))
        }
    }
}
