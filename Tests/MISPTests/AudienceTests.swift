import Foundation
import IPAddresses
import Pipeline
import TestKit
import Testing
import Timestamps
import Wazuh

@testable import MISP

/// Nothing of our own side is told to others.
struct AudienceTests {
    @Test("Everything internal has distribution 0, is no indicator and does not correlate")
    func internalParts() throws {
        let composer = EventComposer(settings: try EventSettings(distribution: .all))
        let event = try composer.event(Sample.bruteForce("45.148.10.9"), flows: Sample.flows("45.148.10.9"))
        let ours = event.attributes.filter { $0.distribution != .inherit } + event.objects.flatMap(\.attributes)
        #expect(
            ours.filter { $0.relation == nil }.map { "\($0.type.rawValue) \($0.value)" } == [
                "target-machine bastion-zq", "target-machine 10.20.30.40", "target-user operator7",
            ])
        #expect(ours.allSatisfy { $0.distribution == .organisation && !$0.toIDs && $0.disableCorrelation })
        #expect(event.objects.count == 3)
        #expect(event.objects.allSatisfy { $0.distribution == .organisation })
        #expect(event.reports.map(\.distribution) == [.inherit, .organisation])
    }

    @Test(
        "A value that holds a name or address of ours stays at home",
        arguments: [
            "/status/web-frontend-3", "/STATUS/Web-Frontend-3/", "/%77eb-frontend-3", "/proxy/10.20.30.40/x",
            "/proxy/10.20.30.40:8080/", "/[fd00::1]/", "/any/192.168.7.7", "/~operator7/", "/go/shop.example.org/x",
            "/x/2001:DB8:0:0::17/", "/peer/198.51.100.200", "/10.20.30.40.", "/m%C3%BCller-b/",
            "/backup/10.20.30.40.conf", "/node10.20.30.40/", "/v10.20.30.40-1", "/ip-10-20-30-40/", "/a_10_20_30_40_b",
            "/010.020.030.040/", "/1.10.20.30.40.9/", "/node192.168.7.7.bak", "/nodefd00::1.conf", "/fd00::1:8080/",
            "/x2001:db8::17z", "/2001:db8::17cafe", "/abc2001:DB8:0:0:0:0:0:17.txt", "/::ffff:0a14:1e28/",
            "/%2531%2530.20.30.40/", "/peer198.51.100.200.log", "/%25%37%37eb-frontend-3",
        ])
    func withheld(path: String) throws {
        let event = try self.event(path: path)
        let uri = try #require(event.attributes(.uri).first)
        #expect(uri.value == path)
        #expect(uri.distribution == .organisation)
        #expect(!event.reports[0].content.contains(path))
        #expect(event.reports[1].content.contains(path))
    }

    @Test(
        "Other values are told",
        arguments: [
            "/status", "/proxy/203.0.113.200/x", "/v1.2.3.4.5/", "/web-frontend-", "/1.2.3", "/%zz%4", "/op/",
            "/10.20.30", "/10.20.31.400/", "/10.20-31.40/", "/Net::HTTP/std::fd", "/10:20:30:40:50:60/",
        ])
    func told(path: String) throws {
        let event = try self.event(path: path)
        #expect(event.attributes(.uri).map(\.distribution) == [.inherit])
    }

    @Test(
        "A name of ours is found by its parts too",
        arguments: [
            "/status/web01", "/web01-old/", "/~alice/", "/home/ALICE.txt", "/intranet/x", "/jsmith", "/db1/", "/x-db1",
            "/dc7.local/", "/corpnet/",
        ])
    func parts(path: String) throws {
        #expect(try distributions(of: path) == [.organisation])
    }

    @Test(
        "What says nothing by itself is no part of a name",
        arguments: ["/www/", "/index.example", "/db12/", "/adb1", "/2024/", "/status/web02", "/203/113/"])
    func noParts(path: String) throws {
        #expect(try distributions(of: path) == [.inherit])
    }

    /// Of a path asked for on servers with names in several parts.
    private func distributions(of path: String) throws -> [Distribution?] {
        var evidence = Sample.evidence("45.148.10.9")
        evidence.requests.add(.init(scheme: nil, host: nil, target: path, role: .source), Sample.tally())
        for host in ["www.intranet.example", "203.0.113.77"] {
            evidence.requests.add(.init(scheme: nil, host: host, target: "*", role: .source), Sample.tally())
        }
        for agent in ["web01.corpnet.example", "db1.2024.example", "DC7$"] {
            evidence.internal.agents.add(agent, Sample.tally())
        }
        for user in ["CORPNET\\alice", "j.jsmith", "bob@mail.example"] {
            evidence.internal.users.add(user, Sample.tally())
        }
        return try EventComposer(settings: try EventSettings()).event(evidence).attributes(.uri).map(\.distribution)
    }

    @Test("Addresses in our own networks are told to nobody", arguments: ["/x198.51.100.7.bak", "/2001:db8:5::9x"])
    func ownNetworks(path: String) throws {
        var evidence = Sample.evidence("45.148.10.9")
        evidence.requests.add(.init(scheme: nil, host: nil, target: path, role: .source), Sample.tally())
        let blocks = ["198.51.100.0/24", "2001:db8:5::/48"].compactMap { IPBlock($0) }
        for (own, distribution) in [([], Distribution.inherit), (blocks, .organisation)] {
            let composer = EventComposer(settings: try EventSettings(ownNetworks: IPBlockSet(own)))
            #expect(try composer.event(evidence).attributes(.uri).map(\.distribution) == [distribution])
        }
    }

    @Test("When not all names of ours are known, no free text is told", arguments: ["agents", "users", "hosts"])
    func overflow(list: String) throws {
        for count in [64, 65] {
            var evidence = Sample.download("45.148.10.9")
            evidence.requests.add(.init(scheme: nil, host: nil, target: "/a", role: .source), Sample.tally())
            evidence.userAgents.add("curl/8.1", Sample.tally())
            evidence.internal = Evidence.Internal()
            for number in 0..<count {
                switch list {
                case "agents": evidence.internal.agents.add("machine-\(number)", Sample.tally())
                case "users": evidence.internal.users.add("person-\(number)", Sample.tally())
                default: evidence.internal.hosts.add(IPAddress(v4: 0x0a00_0000 + UInt32(number)), Sample.tally())
                }
            }
            let event = try EventComposer(settings: try EventSettings()).event(evidence)
            let told = event.attributes.filter { $0.distribution == .inherit }.map(\.type.rawValue).sorted()
            #expect(
                told
                    == (count == 64
                        ? ["domain", "ip-dst", "sha256", "uri", "url", "user-agent"] : ["domain", "ip-dst", "sha256"]))
        }
    }

    private func event(path: String) throws -> MISPEvent {
        var evidence = Sample.evidence("45.148.10.9")
        evidence.requests.add(.init(scheme: nil, host: nil, target: path, role: .source), Sample.tally())
        evidence.requests.add(
            .init(scheme: nil, host: "Shop.Example.ORG:443", target: "*", role: .source), Sample.tally())
        for agent in ["web-frontend-3", "op", "Müller-B"] { evidence.internal.agents.add(agent, Sample.tally()) }
        evidence.internal.users.add("operator7", Sample.tally())
        for host in ["10.20.30.40", "2001:db8::17"] {
            evidence.internal.hosts.add(Sample.address(host), Sample.tally())
        }
        let peer = FlowFindings.Peer(
            peer: Sample.address("198.51.100.200"), transport: 6, port: 80, initiator: .attacker, conversations: 1,
            answered: 1, sent: .init(), received: .init(), first: Sample.now, last: Sample.now)
        let flows = FlowFindings(address: Sample.address("45.148.10.9"), flowRecords: 1, peers: [peer])
        return try EventComposer(settings: try EventSettings()).event(evidence, flows: [flows])
    }

    @Test("A request line that names another server is kept at home: it may be one of ours")
    func authorityForm() throws {
        var evidence = Sample.evidence("45.148.10.9")
        evidence.requests.add(
            .init(scheme: nil, host: nil, target: "intranet.example.org:443", role: .source), Sample.tally())
        let event = try EventComposer(settings: try EventSettings()).event(evidence)
        #expect(event.attributes(.uri).map(\.distribution) == [.organisation])
    }

    @Test("A name that the limit cuts in half is not told either")
    func cutName() throws {
        var limits = EventLimits()
        limits.valueBytes = 12
        let composer = EventComposer(settings: try EventSettings(limits: limits))
        var evidence = Sample.evidence("45.148.10.9")
        evidence.internal.agents.add("bastion-zq", Sample.tally())
        evidence.userAgents.add("agent bastion-zq", Sample.tally())
        let event = try composer.event(evidence)
        #expect(event.attributes(.userAgent).map(\.distribution) == [.organisation])
    }

    @Test("Whatever alerts say, the public half never holds an internal value", arguments: 0..<30)
    func property(seed: UInt64) throws {
        var random = Seeded(seed)
        let sample = RandomSample(&random)
        let query = try #require(EventSettings.URLQuery.allCases.randomElement(using: &random))
        let composer = EventComposer(settings: try EventSettings(distribution: .all, urlQuery: query))
        var history: History?
        var evidence: Evidence?
        for round in 0..<3 {
            let part = sample.evidence(&random)
            let now = Sample.now + .seconds(round * 4000)
            let batch = Sample.batch(part, id: UUID())
            let feed = try composer.composeForFeed(
                history, batch, flows: sample.flows(&random), now: now, organisation: Sample.organisation)
            let rest = try composer.compose(
                history, batch, flows: sample.flows(&random), now: now, organisation: Sample.organisation)
            let told = [String(decoding: feed.body, as: UTF8.self), try Self.publicHalf(of: rest.body)]
            for text in told + feed.items.map(\.key) {
                for word in sample.secrets {
                    #expect(text.range(of: word, options: .caseInsensitive) == nil, "\(word) is told")
                }
            }
            let whole = String(decoding: rest.body, as: UTF8.self)
            #expect(sample.secrets.allSatisfy { whole.range(of: $0) != nil }, "our own organisation is told everything")
            if evidence == nil { evidence = part } else { evidence?.merge(part) }
            if let evidence { history = Sample.history(feed, evidence, flows: sample.flows(&random)) }
        }
    }

    /// What is left of a body for readers of other organisations.
    private static func publicHalf(of body: [UInt8]) throws -> String {
        var document = try EventDocument(body: body)
        document.event.attributes.removeAll { $0.distribution == .organisation }
        document.event.objects.removeAll { $0.distribution == .organisation }
        document.event.reports.removeAll { $0.distribution == .organisation }
        return String(decoding: try document.encoded(), as: UTF8.self)
    }
}

/// Evidence made of secrets and of values into which they are mixed.
private struct RandomSample {
    let agents: [String]
    let users: [String]
    let hosts: [String]
    let descriptions: [String]
    let sites: [String]

    var secrets: [String] { agents + users + hosts + descriptions + sites }

    init(_ random: inout Seeded) {
        agents = (0..<3).map { _ in "agent-" + Self.word(&random) }
        users = (0..<3).map { _ in Self.word(&random) + "." + Self.word(&random) }
        hosts =
            (0..<2).map { _ in
                "10.\(Int.random(in: 1..<250, using: &random)).77.\(Int.random(in: 1..<250, using: &random))"
            }
            + ["198.51.100.\(Int.random(in: 1..<250, using: &random))"]
        descriptions = (0..<2).map { _ in "Failure of \(Self.word(&random)) on \(Self.word(&random))" }
        sites = ["www.\(Self.word(&random)).example"]
    }

    func evidence(_ random: inout Seeded) -> Evidence {
        var evidence = Sample.bruteForce("45.148.10.9")
        evidence.internal = Evidence.Internal()
        evidence.mayDetect = Bool.random(using: &random)
        for agent in agents { evidence.internal.agents.add(agent, Sample.tally()) }
        for user in users { evidence.internal.users.add(user, Sample.tally()) }
        for host in hosts { evidence.internal.hosts.add(Sample.address(host), Sample.tally()) }
        for description in descriptions { evidence.internal.descriptions.add(description, Sample.tally()) }
        for _ in 0..<20 {
            let target = "/" + mixed(&random)
            evidence.requests.add(
                .init(
                    scheme: ["http", nil].randomElement(using: &random) ?? nil,
                    host: ([sites[0].uppercased(), nil, hosts[0]] as [String?]).randomElement(using: &random) ?? nil,
                    target: Bool.random(using: &random) ? target : "http://\(sites[0])\(target)", role: .source),
                Sample.tally())
            evidence.userAgents.add(mixed(&random), Sample.tally())
            evidence.domains.add(mixed(&random) + ".example", Sample.tally())
            evidence.policyRules.add(mixed(&random), Sample.tally())
        }
        return evidence
    }

    func flows(_ random: inout Seeded) -> [FlowFindings] {
        let peers = hosts.map { host in
            FlowFindings.Peer(
                peer: Sample.address(host), transport: 6, port: Int.random(in: 0..<70_000, using: &random),
                initiator: Bool.random(using: &random) ? .attacker : .internal, conversations: 3, answered: 2,
                sent: .init(bytes: 10, packets: 1), received: .init(), first: Sample.now, last: Sample.now)
        }
        return [
            FlowFindings(
                address: Sample.address("45.148.10.9"), flowRecords: 9, first: Sample.now, last: Sample.now,
                peers: peers, incomplete: ["index \(agents[0]) did not answer"])
        ]
    }

    /// A value with up to two secrets in it, plain, in capitals or behind percent signs.
    private func mixed(_ random: inout Seeded) -> String {
        var text = Self.word(&random)
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            guard let secret = secrets.randomElement(using: &random) else { continue }
            let shown =
                switch Int.random(in: 0..<3, using: &random) {
                case 0: secret
                case 1: secret.uppercased()
                default: secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? secret
                }
            text += ["/", "?a=", "&", " ", "\u{301}", ":"].randomElement(using: &random).map { $0 + shown } ?? shown
        }
        return text
    }

    private static func word(_ random: inout Seeded) -> String {
        String((0..<8).compactMap { _ in "bcdfghjklmnpqrstvwxz".randomElement(using: &random) })
    }
}
