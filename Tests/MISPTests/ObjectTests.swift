import GeoIP
import Pipeline
import TestKit
import Testing
import Timestamps
import Wazuh

@testable import MISP

/// The objects that everybody may see: requests, and where the attacker is.
struct ObjectTests {
    let composer: EventComposer
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        composer = try GoldenSample.composer(databaseIn: folder)
    }

    private func fields(_ object: Object) -> [String] {
        object.attributes.map { "\($0.relation ?? "") \($0.value)" }
    }

    private func request(
        _ target: String, method: String? = "GET", agent: String? = nil, role: Attacker.Role = .source
    ) -> Evidence.Request {
        .init(method: method, scheme: nil, host: nil, target: target, role: role, userAgent: agent)
    }

    @Test("Every part of an object says what it is, who may see it, and that it is no indicator")
    func explicit() throws {
        var evidence = Sample.evidence("203.0.113.9")
        evidence.requests.add(request("/a", agent: "curl/8"), Sample.tally())
        let event = try composer.event(evidence)
        #expect(event.objects.map(\.template.name) == ["geolocation", "asn", "http-request"])
        for object in event.objects {
            #expect(object.distribution == .inherit)
            for attribute in object.attributes {
                #expect(!attribute.toIDs && attribute.disableCorrelation && attribute.distribution == .inherit)
            }
        }
        #expect(
            event.objects.map(fields) == [
                ["country Germany", "countrycode DE", "city Berlin"], ["asn 64500", "description Example Net"],
                ["method GET", "uri /a", "user-agent curl/8", "ip-src 203.0.113.9"],
            ])
    }

    @Test("Objects point to the attacker's address")
    func references() throws {
        var evidence = Sample.evidence("203.0.113.9")
        evidence.requests.add(request("/a"), Sample.tally())
        let event = try composer.event(evidence)
        let attacker = try #require(event.attributes(.ipSource).first)
        let references = event.objects.flatMap(\.references)
        #expect(references.map(\.relationship) == [.characterizes, .includes, .initiatedBy])
        #expect(references.allSatisfy { $0.target == attacker.uuid })
        #expect(references.map(\.object) == event.objects.map(\.uuid))
    }

    @Test("The ten noisiest requests are objects, the same one once", arguments: [(9, 9), (10, 10), (11, 10)])
    func bounded(given: Int, expected: Int) throws {
        var evidence = Sample.evidence("203.0.113.9")
        for number in 0..<given {
            evidence.requests.add(request("/\(number)?a=1"), Sample.tally())
            evidence.requests.add(request("/\(number)?a=2"), Sample.tally(number + 1))
        }
        let objects = try composer.event(evidence).objects.filter { $0.template == .httpRequest }
        #expect(objects.count == expected)
        #expect(objects.first?.comment == "\(given + 1) alerts")
    }

    @Test("What names our own side is in no object, a user agent alone included")
    func internals() throws {
        var evidence = Sample.evidence("203.0.113.9")
        evidence.internal.agents.add("web-frontend-3", Sample.tally())
        evidence.requests.add(request("/web-frontend-3"), Sample.tally())
        evidence.requests.add(request("/b", agent: "probe of web-frontend-3"), Sample.tally())
        let objects = try composer.event(evidence).objects.filter { $0.template == .httpRequest }
        #expect(objects.map(fields) == [["method GET", "uri /b", "ip-src 203.0.113.9"]])
    }

    @Test("What an object had at first it keeps: a later composition changes nothing in it and adds nothing")
    func stable() throws {
        var evidence = Sample.evidence("2001:db8:1:2::1")
        evidence.requests.add(request("/a"), Sample.tally())
        let first = try composer.compose(
            nil, Sample.batch(evidence), flows: [], now: Sample.now, organisation: Sample.organisation)
        var more = Sample.evidence("2001:db8:1:2::2", from: Sample.now)
        more.requests.add(request("/a", agent: "curl/8"), Sample.tally())
        more.requests.add(request("/b"), Sample.tally())
        let second = try composer.event(
            more, history: Sample.history(first, evidence), now: Sample.now + .seconds(600))
        let before = try EventDocument(body: first.body).event.objects
        let after = Dictionary(uniqueKeysWithValues: second.objects.map { ($0.uuid, $0) })
        for object in before {
            let known = try #require(after[object.uuid])
            #expect(known.timestamp == object.timestamp)
            #expect(Set(known.attributes.map(\.uuid)).isSubset(of: object.attributes.map(\.uuid)))
            #expect(known.references.map(\.uuid) == object.references.map(\.uuid))
        }
        #expect(second.objects.count == before.count + 1)
    }

    @Test("Without a database the alerts' own word counts, but for names of ours")
    func alerts() throws {
        let composer = EventComposer(settings: try EventSettings())
        var evidence = Sample.evidence("203.0.113.9")
        evidence.internal.agents.add("hamburg-gw", Sample.tally())
        evidence.places.add(
            .init(country: "the Netherlands", city: "hamburg-gw", system: 64510, systemName: "Example"),
            Sample.tally())
        let event = try composer.event(evidence)
        #expect(
            event.objects.map(fields) == [
                ["country the Netherlands", "countrycode NL"], ["asn 64510", "description Example"],
            ])
        #expect(event.objects.map(\.comment) == ["according to the alerts", "according to the alerts"])
        #expect(event.tags.map(\.name).contains("misp-galaxy:country=\"netherlands\""))
    }

    @Test(
        "A country is found by its code and by what others call it",
        arguments: [
            ("DE", "germany"), ("Germany", "germany"), ("United States", "united states of america"),
            ("Russian Federation", "russia"), ("CZ", "czechia"), ("South Korea", "south korea"),
            ("Côte d'Ivoire", "ivory coast"), ("Atlantis", nil), ("ZZ", nil),
        ] as [(String, String?)])
    func countries(text: String, expected: String?) throws {
        var evidence = Sample.evidence("198.51.100.7")
        evidence.places.add(.init(country: text), Sample.tally())
        let tags = try EventComposer(settings: try EventSettings()).event(evidence).tags.map(\.name)
        #expect(
            tags.filter { $0.contains("country") }
                == [expected.map { "misp-galaxy:country=\"\($0)\"" }].compactMap(\.self))
    }

    @Test("An event of everything at its limits has fewer than 2,000 attributes")
    func fullest() throws {
        var evidence = Sample.evidence("2001:db8:1:2::1")
        evidence.internal = Evidence.Internal()
        for number in 0..<300 {
            for role in [Attacker.Role.source, .destination] {
                evidence.attackers.add(
                    .init(address: Sample.address("2001:db8:1:2::\(number + 2)"), role: role), Sample.tally())
                for host in ["www.\(number).example", nil] {
                    evidence.requests.add(
                        .init(
                            method: "GET", scheme: "http", host: host, target: "/\(number)", role: role,
                            userAgent: "agent \(number)"), Sample.tally())
                }
            }
            evidence.userAgents.add("agent \(number)", Sample.tally())
            evidence.domains.add("a\(number).example", Sample.tally())
            for (algorithm, digits) in [(Alert.FileHash.Algorithm.md5, 32), (.sha1, 40), (.sha256, 64)] {
                let hash = String(repeating: "a", count: digits - 4) + "\(1000 + number)"
                evidence.hashes.add(.init(algorithm: algorithm, hexadecimal: hash), Sample.tally())
            }
            guard number < 60 else { continue }  // With more names than are kept no free text is told.
            evidence.internal.agents.add("machine-\(number)", Sample.tally())
            evidence.internal.users.add("person-\(number)", Sample.tally())
            evidence.internal.hosts.add(Sample.address("10.1.\(number / 250).\(number % 250)"), Sample.tally())
        }
        let event = try composer.event(evidence, flows: Sample.flows("2001:db8:1:2::1"))
        let count = event.attributes.count + event.objects.reduce(0) { $0 + $1.attributes.count }
        #expect((400..<2000).contains(count), "\(count)")
    }

    @Test(
        "What comes from outside is tagged with no phase beyond exploitation",
        arguments: [
            (.source, ["kill-chain:Delivery", "kill-chain:Exploitation"]),
            (
                .destination,
                [
                    "kill-chain:Delivery", "kill-chain:Exploitation", "kill-chain:Installation",
                    "kill-chain:Command and Control", "kill-chain:Actions on Objectives",
                ]
            ),
        ] as [(Attacker.Role, [String])])
    func phases(role: Attacker.Role, expected: [String]) throws {
        var evidence = Sample.evidence("203.0.113.9", role: role)
        for tactic in ["Impact", "Persistence", "Credential Access", "Initial Access", "Lateral Movement"] {
            evidence.tactics.add(tactic, Sample.tally())
        }
        evidence.tactics.add("command and control", Sample.tally())
        #expect(try composer.event(evidence).tags.map(\.name).filter { $0.hasPrefix("kill-chain") } == expected)
    }
}
