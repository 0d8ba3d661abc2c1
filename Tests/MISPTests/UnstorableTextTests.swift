import Foundation
import Pipeline
import TestKit
import Testing
import Timestamps
import Wazuh

@testable import MISP

/// Attackers write most of the text in an event. None of it may keep the event from being stored.
struct UnstorableTextTests {
    private static let pieces = [
        "\u{1f600}", "\u{10ffff}", "\u{10000}", "\u{0}", "\u{1b}[31m", "\u{7f}", "\u{85}", "\u{9f}", "\u{ffff}",
        "\u{fffe}", "\u{2028}", "\u{2029}", "\r", "\r\n", "\n", "\t", "\u{feff}", "\u{202e}", "e\u{301}",
        "\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}", "\"", "\\", "`|<&>", "%F0%9F%98%80", "%00", "xn--e28h.example", "é",
        " ",
        String(decoding: [0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80], as: UTF8.self),
        String(repeating: "x", count: 70_000), String(repeating: "\u{1f600}", count: 20_000),
    ]

    /// Every text that an alert can bring, made of the pieces, the same for the same seed.
    private static func evidence(_ address: String, seed: UInt64) -> Evidence {
        var random = SplitMix(state: seed)
        func text() -> String {
            (0..<Int.random(in: 1...4, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
        }
        var evidence = Sample.evidence(address, count: 3)
        for _ in 0..<3 {
            let tally = Sample.tally(2)
            evidence.rules.add(.init(id: text(), level: 7, groups: [text(), text()]), tally)
            evidence.techniques.add(text(), tally)
            evidence.tactics.add(text(), tally)
            evidence.policyRules.add(text(), tally)
            evidence.userAgents.add(text(), tally)
            evidence.domains.add(text() + ".example", tally)
            evidence.hashes.add(.init(algorithm: .sha256, hexadecimal: text()), tally)
            evidence.requests.add(.init(scheme: "https", host: text(), target: "/" + text(), role: .source), tally)
            evidence.requests.add(.init(scheme: text(), host: "a.example", target: text(), role: .destination), tally)
            evidence.internal.agents.add(text(), tally)
            evidence.internal.users.add(text(), tally)
            evidence.internal.descriptions.add(text(), tally)
        }
        return evidence
    }

    /// The same numbers for the same seed.
    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }

    @Test(
        "Whatever an alert brings, the event is stored at once, and a next one too",
        arguments: 1...12 as ClosedRange<UInt64>)
    func stored(seed: UInt64) async throws {
        let bench = try RESTSinkBench { $0.role.tagEditor = true }
        defer { bench.stop() }
        try await bench.sink.prepare()
        let evidence = Self.evidence("45.148.10.9", seed: seed)
        let batch = Sample.batch(evidence)
        let composition = try bench.sink.compose(nil, batch, flows: Sample.flows("45.148.10.9"), now: Sample.now)
        expectStorable(composition.body)
        let receipt = await bench.sink.deliver(composition)
        #expect(receipt.kind == "stored")
        #expect(bench.requests.count { $0 == "add" } == 1)
        // What is no hash or no name is refused, and takes nothing else along.
        let stored = try #require(bench.misp.state.events[composition.event.lowercase])
        #expect(stored.count > 0 && stored.count == receipt.stored?.confirmed)
        #expect(stored.attributes.contains { $0.value == "45.148.10.9" })
        let next = try bench.sink.compose(
            Sample.history(composition, evidence), Sample.batch(Self.evidence("45.148.10.9", seed: seed + 100)),
            flows: [],
            now: Sample.now + .seconds(60))
        expectStorable(next.body)
        #expect(await bench.sink.deliver(next, note: receipt.note).kind == "stored")
    }

    @Test("So it is in a feed", arguments: 1...6 as ClosedRange<UInt64>)
    func feed(seed: UInt64) throws {
        let composition = try Sample.composer(try EventSettings()).composeForFeed(
            nil, Sample.batch(Self.evidence("45.148.10.9", seed: seed)), flows: [], now: Sample.now,
            organisation: Sample.organisation)
        expectStorable(composition.body)
    }

    /// Every string in the body: nothing above U+FFFF, no controls but line breaks and tabs, and no more than a column
    /// holds.
    private func expectStorable(_ body: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) {
        var strings: [String] = []
        func collect(_ value: Any) {
            switch value {
            case let text as String: strings.append(text)
            case let list as [Any]: list.forEach(collect)
            case let fields as [String: Any]: fields.values.forEach(collect)
            default: break
            }
        }
        collect((try? JSONSerialization.jsonObject(with: Data(body))) ?? "\u{1f514} no JSON")
        let bad = strings.filter { text in
            text.utf8.count > 65_535
                || text.unicodeScalars.contains { scalar in
                    scalar.value > 0xfffd || scalar.value == 0x2028 || scalar.value == 0x2029
                        || scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
                }
        }
        #expect(bad.map { $0.prefix(200) } == [], sourceLocation: sourceLocation)
    }
}
