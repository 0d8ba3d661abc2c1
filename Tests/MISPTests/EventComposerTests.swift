import Foundation
import IPAddresses
import Pipeline
import Testing
import Timestamps
import Wazuh

@testable import MISP

struct EventComposerTests {
    let composer: EventComposer

    init() throws {
        composer = EventComposer(settings: try EventSettings())
    }

    @Test("The event carries the name of its source and window, and says so to the journal")
    func identity() throws {
        let batch = Sample.batch(Sample.bruteForce())
        let composition = try composer.compose(
            nil, batch, flows: [], now: Sample.now, organisation: Sample.organisation)
        #expect(composition.event.lowercase == "3c0dfd3a-01a3-5383-b515-5000af10ac2b")
        #expect(composition.window == Timestamp(seconds: 1_793_664_000)..<Timestamp(seconds: 1_796_256_000))
        #expect(!composition.isUpdate)
        let event = try EventDocument(body: composition.body).event
        #expect(event.uuid.uuid == composition.event)
        #expect(event.date == "2026-11-20")
        #expect(event.timestamp == nil)
        #expect(event.published == nil)
    }

    @Test("The same input gives the same bytes")
    func deterministic() throws {
        let bodies = try (0..<5).map { _ in
            try composer.compose(
                nil, Sample.batch(Sample.webAttack()), flows: Sample.flows(), now: Sample.now,
                organisation: Sample.organisation)
        }
        #expect(bodies.allSatisfy { $0 == bodies[0] })
    }

    @Test("An address that came to us is an ip-src")
    func source() throws {
        let event = try composer.event(Sample.bruteForce("45.148.10.9"))
        let attribute = try #require(event.attributes(.ipSource).first)
        #expect(attribute.value == "45.148.10.9")
        #expect(attribute.category == .networkActivity)
        #expect(attribute.toIDs)
        #expect(!attribute.disableCorrelation)
        #expect(attribute.distribution == .inherit)
        #expect(attribute.comment == "12 alerts; rules 5712, 5763; T1110, T1110.001, T9999")
        #expect(attribute.firstSeen?.moment == Sample.moment("2026-11-20T08:00:00.050Z"))
        #expect(attribute.lastSeen?.moment == Sample.moment("2026-11-20T08:00:11.050Z"))
        #expect(attribute.timestamp.seconds == Sample.now.seconds)
        #expect(event.attributes(.ipDestination).isEmpty)
    }

    @Test("An address that one of ours went to is an ip-dst")
    func destination() throws {
        let event = try composer.event(Sample.download("45.148.10.77"))
        #expect(event.attributes(.ipDestination).map(\.value) == ["45.148.10.77"])
        #expect(event.attributes(.ipSource).isEmpty)
    }

    @Test("All addresses of a /64 are in its one event")
    func network() throws {
        var evidence = Sample.evidence("2001:db8:1:2::1")
        for host in 2...4 {
            evidence.attackers.add(
                .init(address: Sample.address("2001:db8:1:2::\(host)"), role: .source), Sample.tally())
        }
        let event = try composer.event(evidence)
        #expect(event.uuid.uuid.lowercase == "32fc2a6d-e579-5fe4-85c5-5800e15c7c6a")
        #expect(
            event.attributes(.ipSource).map(\.value) == [
                "2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2::3", "2001:db8:1:2::4",
            ])
        #expect(event.info.hasPrefix("Warnbell TEST: 2001:db8:1:2::/64 — "))
    }

    @Test("Nothing is an indicator unless the policy lets detection systems act")
    func undetected() throws {
        var evidence = Sample.download("45.148.10.77")
        evidence.mayDetect = false
        let event = try composer.event(evidence)
        #expect(event.attributes.allSatisfy { !$0.toIDs })
    }

    @Test("An indicator is what a rule that allows it has seen; the rest of the event is none")
    func detectedValues() throws {
        var evidence = Sample.evidence("2a02:1234:1:2::1", role: .destination)
        let unseen = Tally(Sample.now)
        evidence.attackers.add(.init(address: Sample.address("2a02:1234:1:2::2"), role: .destination), unseen)
        for (name, tally) in [("evil.example", Sample.tally()), ("cdn.example", unseen)] {
            evidence.domains.add(name, tally)
            evidence.requests.add(.init(scheme: "http", host: name, target: "/", role: .destination), tally)
        }
        let event = try composer.event(evidence)
        let detected = event.attributes.filter(\.toIDs).map(\.value)
        #expect(detected.sorted() == ["2a02:1234:1:2::1", "evil.example", "http://evil.example/"])
        #expect(event.attributes(.url).count == 2 && event.attributes(.domain).count == 2)
    }

    @Test("In the role of a source, requests are paths of ours: no indicators, no correlation")
    func requestsOfSource() throws {
        let event = try composer.event(Sample.webAttack("45.148.10.9"))
        let shared = event.attributes.filter { $0.distribution == .inherit && $0.type != .ipSource }
        #expect(
            shared.map { "\($0.type.rawValue) \($0.value)" } == [
                "uri /wp-login.php", "uri /cgi-bin/test", "user-agent sqlmap/1.7",
            ])
        #expect(shared.allSatisfy { !$0.toIDs && $0.disableCorrelation && $0.category == .networkActivity })
        let url = try #require(event.attributes(.url).first)
        #expect(url.value == "https://shop.example.org/wp-login.php")
        #expect(url.distribution == .organisation)
    }

    @Test("In the role of a destination, URL and domain are the attacker's: indicators; a hash only correlates")
    func requestsOfDestination() throws {
        let event = try composer.event(Sample.download("45.148.10.77"))
        let url = try #require(event.attributes(.url).first)
        #expect(url.value == "http://evil.example:8080/a.exe")
        #expect(url.toIDs && !url.disableCorrelation && url.distribution == .inherit)
        let domain = try #require(event.attributes(.domain).first)
        #expect(domain.value == "evil.example")
        #expect(domain.toIDs && !domain.disableCorrelation)
        let hash = try #require(event.attributes(.sha256).first)
        #expect(!hash.toIDs && !hash.disableCorrelation)
        #expect(hash.category == .payloadDelivery)
    }

    @Test(
        "Only what MISP takes as a domain becomes one",
        arguments: [
            ("evil.example", "evil.example"), ("Evil.Example.", "evil.example"),
            ("_dmarc.evil.example", "_dmarc.evil.example"),
            ("localhost", nil), ("203.0.113.9", nil), ("evil..example", "evil.example"), ("a b.example", nil),
            ("ev\u{ef}l.example", nil), ("", nil), (".", nil), ("evil.x", nil), ("2001:db8::1", nil),
        ] as [(String, String?)])
    func domain(name: String, expected: String?) throws {
        var evidence = Sample.evidence("45.148.10.77", role: .destination)
        evidence.domains.add(name, Sample.tally())
        #expect(try composer.event(evidence).attributes(.domain).map(\.value) == [expected].compactMap { $0 })
    }

    @Test(
        "The hash of nothing says nothing, and what is no hash is left out",
        arguments: [
            (.md5, "d41d8cd98f00b204e9800998ecf8427e"), (.sha1, "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            (.sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (.md5, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"), (.sha1, ""),
            (.md5, "zz1d8cd98f00b204e9800998ecf8427e"), (.md5, "D41D8CD98F00B204E9800998ECF8427F"),
        ] as [(Alert.FileHash.Algorithm, String)])
    func noHash(algorithm: Alert.FileHash.Algorithm, hexadecimal: String) throws {
        var evidence = Sample.download("45.148.10.77")
        evidence.hashes.add(.init(algorithm: algorithm, hexadecimal: hexadecimal), Sample.tally())
        let event = try composer.event(evidence)
        #expect(event.attributes.filter { $0.category == .payloadDelivery }.count == 1)
    }

    @Test("Requests that are the same once their queries are cut are one attribute")
    func merged() throws {
        var evidence = Sample.evidence("45.148.10.9")
        for number in 0..<5 {
            evidence.requests.add(
                .init(scheme: nil, host: nil, target: "/item?id=\(number)", role: .source), Sample.tally())
        }
        let uris = try composer.event(evidence).attributes(.uri)
        #expect(uris.map(\.value) == ["/item"])
        #expect(uris.map(\.comment) == ["5 alerts"])
    }

    @Test("Tags are the traffic lights, the operator's and those of known techniques, each once")
    func tags() throws {
        let settings = try EventSettings(
            tlp: .green, pap: .amber, tags: ["workflow:todo=\"review\"", "tlp:green"])
        let event = try EventComposer(settings: settings).event(Sample.bruteForce())
        #expect(
            event.tags.map(\.name) == [
                "tlp:green", "PAP:AMBER", "misp:automation-level=\"unsupervised\"", "workflow:todo=\"review\"",
                "kill-chain:Exploitation",
                "misp-galaxy:mitre-attack-pattern=\"Brute Force - T1110\"",
                "misp-galaxy:mitre-attack-pattern=\"Password Guessing - T1110.001\"",
            ])
    }

    @Test("No traffic light is no tag")
    func noTrafficLight() throws {
        let event = try EventComposer(settings: try EventSettings(tlp: nil)).event(Sample.evidence())
        #expect(event.tags == [.unsupervised])
    }

    @Test(
        "The threat level follows the highest level of an alert",
        arguments: [
            (0, .undefined), (1, .low), (6, .low), (7, .medium), (11, .medium), (12, .high), (16, .high),
        ] as [(Int, MISPEvent.ThreatLevel)])
    func threatLevel(level: Int, expected: MISPEvent.ThreatLevel) throws {
        #expect(try composer.event(Sample.evidence(level: level)).threatLevel == expected)
    }

    @Test("The title names techniques, else the groups of the noisiest rule, and what was counted")
    func info() throws {
        #expect(
            try composer.event(Sample.bruteForce("45.148.10.9")).info
                == "Warnbell: 45.148.10.9 — Brute Force, Password Guessing (12 alerts, rules 5712, 5763)")
        #expect(
            try composer.event(Sample.download("45.148.10.77")).info
                == "Warnbell: 45.148.10.77 — ids, suricata (2 alerts, rule 86601)")
        #expect(
            try composer.event(Sample.evidence("45.148.10.9", count: 1)).info
                == "Warnbell: 45.148.10.9 — alerts (1 alert)")
        var many = Sample.evidence("45.148.10.9")
        for number in 1...5 {
            many.rules.add(.init(id: "10000\(number)", level: 5, groups: ["login_failed"]), Sample.tally(6 - number))
        }
        #expect(
            try composer.event(many).info
                == "Warnbell: 45.148.10.9 — login failed (12 alerts, rules 100001, 100002, 100003 and 2 more)")
    }

    @Test("A documentation address makes a test: said in the title, for ourselves only, no indicator")
    func test() throws {
        let settings = try EventSettings(distribution: .sharingGroup, sharingGroup: 7)
        let event = try EventComposer(settings: settings).event(Sample.download("198.51.100.77"))
        #expect(event.info.contains("TEST"))
        #expect(event.distribution == .organisation)
        #expect(event.sharingGroup == nil)
        #expect(event.attributes.allSatisfy { !$0.toIDs })
        #expect(event.reports[0].content.contains("TEST"))
        let real = try EventComposer(settings: settings).event(Sample.download("45.148.10.77"))
        #expect(real.distribution == .sharingGroup)
        #expect(real.sharingGroup == "7")
    }

    @Test("A batch that accuses nobody is refused")
    func nobody() throws {
        let batch = Sample.batch(Evidence(alerts: Sample.tally()))
        let error = try #require(throws: CompositionError.self) {
            try composer.compose(nil, batch, flows: [], now: Sample.now, organisation: Sample.organisation)
        }
        #expect(error == .noAttacker(source: batch.source))
        #expect("\(error)" == "the batch of 203.0.113.9 accuses no address")
    }

    @Test("An address outside the batch's source is never shared")
    func foreign() throws {
        var evidence = Sample.evidence("203.0.113.9")
        evidence.attackers.add(.init(address: Sample.address("203.0.113.10"), role: .source), Sample.tally())
        let error = try #require(throws: CompositionError.self) { try composer.event(evidence) }
        #expect(
            error
                == .foreignAttacker(Sample.address("203.0.113.10"), source: SourceKey(Sample.address("203.0.113.9"))))
    }

    @Test("Values are cut at their limit and not before")
    func valueLimit() throws {
        var limits = EventLimits()
        limits.valueBytes = 100
        let composer = EventComposer(settings: try EventSettings(limits: limits))
        var evidence = Sample.evidence()
        evidence.userAgents.add(String(repeating: "a", count: 100), Sample.tally(3))
        evidence.userAgents.add(String(repeating: "b", count: 101), Sample.tally(2))
        evidence.userAgents.add(String(repeating: "\u{1f600}", count: 40), Sample.tally(1))
        let event = try composer.event(evidence)
        #expect(event.attributes(.userAgent).map(\.value.utf8.count) == [100, 100, 99])
    }

    @Test("Of too many values the noisiest are taken", arguments: [(50, 50), (51, 50), (49, 49)])
    func publicLimit(given: Int, taken: Int) throws {
        var evidence = Sample.evidence()
        for number in 1...given {
            evidence.requests.add(
                .init(scheme: nil, host: nil, target: "/\(number)", role: .source), Sample.tally(number))
        }
        let uris = try composer.event(evidence).attributes(.uri)
        #expect(uris.count == taken)
        #expect(uris.first?.value == "/\(given)")
    }

    @Test("Of too many names of ours the noisiest are taken", arguments: [(50, 50), (51, 50), (49, 49)])
    func internalLimit(given: Int, taken: Int) throws {
        var evidence = Sample.evidence()
        for number in 1...given { evidence.internal.users.add("user-\(number)", Sample.tally(number)) }
        let users = try composer.event(evidence).attributes(.targetUser)
        #expect(users.count == taken)
        #expect(users.first?.value == "user-\(given)")
    }

    @Test("Comments and title keep their limits")
    func textLimits() throws {
        var evidence = Sample.evidence()
        for number in 0..<64 {
            evidence.rules.add(
                .init(id: String(repeating: "9", count: 400) + "\(number)", level: 3, groups: []), Sample.tally())
        }
        let event = try composer.event(evidence)
        #expect(event.info.utf8.count == 1024)
        #expect(event.attributes(.ipSource)[0].comment.utf8.count == 1024)
    }
}
