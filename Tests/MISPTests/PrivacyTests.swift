import Foundation
import Pipeline
import TestKit
import Testing
import Wazuh

@testable import MISP

/// From the alert to the event: whatever names our own side stays within the organisation.
struct PrivacyTests {
    @Test(
        "Nothing of our own side is told of any published sample",
        .enabled(if: PyMISP.shared != nil, "WARNBELL_SHARED names no folder with corpus/wazuh"),
        arguments: ["shared.ndjson", "findings5-shared.ndjson", "shuffle-shared.ndjson"])
    func corpus(name: String) throws {
        let path = try #require(PyMISP.shared) + "/corpus/wazuh/\(name)"
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        var cases = 0
        for line in lines {
            var decoder = AlertDecoder()
            guard let alerts = try? decoder.decode(Array(line.utf8).span).alerts else { continue }
            for alert in alerts where alert.attacker != nil {
                try expectPrivacy([alert])
                cases += 1
            }
        }
        #expect(cases >= 8)
    }

    @Test("Nor of whatever else attackers ask for", arguments: 0..<300)
    func generated(seed: UInt64) throws {
        var random = Seeded(seed)
        var decoder = AlertDecoder()
        let names = RandomNames(&random)
        let alerts = try (0..<4).flatMap { number in
            try decoder.decode(names.alert(number, &random).bytes.span).alerts
        }
        try expectPrivacy(alerts, also: names.all)
    }

    private func expectPrivacy(_ alerts: [Alert], also names: [String] = []) throws {
        let batch = try GoldenSample.batch(alerts)
        let composer = EventComposer(settings: try EventSettings(tlp: .green))
        let feed = try composer.composeForFeed(
            nil, batch, flows: [], now: Sample.now, organisation: Sample.organisation)
        let server = try composer.compose(
            nil, batch, flows: [], now: Sample.now, organisation: Sample.organisation)
        var document = try EventDocument(body: server.body)
        document.event.attributes.removeAll { $0.distribution == .organisation }
        document.event.objects.removeAll { $0.distribution == .organisation }
        document.event.reports.removeAll { $0.distribution == .organisation }
        let told = try [feed.body, document.encoded()].map { String(decoding: $0, as: UTF8.self) }
        let accused = Set(batch.evidence.attackers.values.keys.map { "\($0.address)" })
        let secrets = try alerts.reduce(into: Secrets()) { try $0.collect(from: $1.bytes) }
        for secret in secrets.texts.union(names).subtracting(accused) {
            for text in told + [feed.items.map(\.key).joined(separator: "\n")] {
                #expect(!Secrets.stands(secret, in: text), "\(secret) is told")
            }
        }
    }
}

/// What an alert says of our own side, found without the program's own reading of it.
private struct Secrets {
    private(set) var texts: Set<String> = []

    mutating func collect(from alert: [UInt8]) throws {
        collect(try JSONSerialization.jsonObject(with: Data(alert)), path: "")
        let text = String(decoding: alert, as: UTF8.self)
        for match in text.matches(of: /\b(?:10\.\d{1,3}|192\.168)\.\d{1,3}\.\d{1,3}\b/) {
            texts.insert(String(match.output))
        }
    }

    private mutating func collect(_ value: Any, path: String) {
        switch value {
        case let object as [String: Any]: for (key, value) in object { collect(value, path: "\(path).\(key)") }
        case let list as [Any]: for value in list { collect(value, path: path) }
        case let text as String:
            if Self.names.contains(where: path.hasSuffix), text.utf8.count >= 3, !Self.common.contains(text) {
                texts.insert(text)
            }
            if path.hasSuffix(".url") || path.hasSuffix("url.query") {
                for match in text.matches(of: /[?&;][^=&;]*=([^&;#]{4,})/) { texts.insert(String(match.output.1)) }
            }
        default: break
        }
    }

    private static let names = [
        ".agent.name", ".agent.ip", ".manager.name", ".predecoder.hostname", ".computer", ".host.hostname", ".srcuser",
        ".dstuser", ".UserId", ".principalEmail", ".targetUserName", ".subjectUserName", ".user.name",
        ".userIdentity.userName", ".rule.description",
    ]

    /// Words that public parts have for reasons of their own.
    private static let common: Set = ["any", "none", "null", "unknown"]

    /// Whether a name stands in a text with no letter or digit next to it.
    static func stands(_ name: String, in text: String) -> Bool {
        var rest = text[...]
        while let range = rest.range(of: name, options: .caseInsensitive) {
            let isBegin = range.lowerBound == text.startIndex || !isWord(text[text.index(before: range.lowerBound)])
            let isEnd = range.upperBound == text.endIndex || !isWord(text[range.upperBound])
            if isBegin && isEnd { return true }
            rest = rest[range.upperBound...]
        }
        return false
    }

    private static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }
}

/// Names of machines and people, mixed into what an attacker asks for.
private struct RandomNames {
    let agent: String
    let user: String
    let host: String
    let address: String
    let value: String

    var all: [String] { [agent, user, host, address, value] }

    init(_ random: inout Seeded) {
        func word() -> String {
            String((0..<9).compactMap { _ in "bcdfghjklmnpqrstvwxz".randomElement(using: &random) })
        }
        agent = word()
        user = word()
        host = "\(word()).corp.example"
        address = "10.\(Int.random(in: 1..<250, using: &random)).7.\(Int.random(in: 1..<250, using: &random))"
        value = word()
    }

    func alert(_ number: Int, _ random: inout Seeded) -> SampleAlert {
        let word = [agent, user, host, address, "login"].randomElement(using: &random) ?? agent
        let path = "/\(["a", word.uppercased(), word].randomElement(using: &random) ?? word)/x?\(word)=\(value)"
        let target = random.chance(percent: 30) ? "https://\(host)\(path)" : path
        let browser = random.chance(percent: 50) ? "curl/8.9 \(word)" : "curl/8.9"
        return SampleAlert { alert in
            alert.id = "1795161600.\(number)"
            alert.groups = ["web", "accesslog", "attack"]
            alert.agentName = agent
            alert.agentAddress = address
            alert.manager = host
            alert.description = "Attack of \(user) on \(agent)"
            alert.decoder = "web-accesslog"
            alert.data += [
                #""url":"\#(target)""#, #""protocol":"GET""#, #""dstuser":"\#(user)""#,
                #""user_agent":"\#(browser)""#,
            ]
            if random.chance(percent: 50) { alert.data.append(#""hostname":"\#(host)""#) }
        }
    }
}
