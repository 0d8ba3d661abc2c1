import Foundation
import HTTPClient
import IPAddresses
import Pipeline
import TestKit
import Timestamps

@testable import MISP

/// A MISP to try everything out on: the one that the environment names, else a stand-in.
///
/// `WARNBELL_MISP_URL` and `WARNBELL_MISP_KEY`, with `WARNBELL_MISP_CA` where its authority is your own, and
/// `WARNBELL_MISP_SECOND_KEY` of a user of another organisation. Every run has events of its own, which no other run
/// and no receiver ever had, and takes them away again.
struct LiveMISP {
    let client: MISPClient
    let http: HTTPClient
    /// Nil for a real server.
    let standIn: MISPStandIn?

    private let url: String
    // Keys that show themselves to nobody, not in a failed expectation either.
    private let key: MISPKey
    private let secondKey: MISPKey?

    /// In the place of `installation.name`, so that all UUIDs are new.
    private let run = "warnbell-test-\(UUID().lowercase)"

    /// Whether an environment names a real server.
    static var isReal: Bool { environment["WARNBELL_MISP_URL"]?.isEmpty == false }

    /// Whether there is a second organisation's key.
    static var hasSecondKey: Bool { !isReal || environment["WARNBELL_MISP_SECOND_KEY"]?.isEmpty == false }

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }

    private init() throws {
        var transport = HTTPClient.Configuration()
        if Self.isReal {
            standIn = nil
            url = Self.environment["WARNBELL_MISP_URL"] ?? ""
            key = MISPKey(Self.environment["WARNBELL_MISP_KEY"] ?? "")
            secondKey = Self.environment["WARNBELL_MISP_SECOND_KEY"].flatMap { $0.isEmpty ? nil : MISPKey($0) }
            transport.caFile = Self.environment["WARNBELL_MISP_CA"].flatMap { $0.isEmpty ? nil : $0 }
        } else {
            var state = MISPStandIn.State()
            state.role.tagEditor = true
            // So that a client can hang up in the middle.
            state.load = MISPStandIn.Load(base: .milliseconds(20), perAttribute: .microseconds(200))
            let misp = try MISPStandIn(state)
            standIn = misp
            url = misp.url
            key = MISPKey(MISPStandIn.key)
            secondKey = MISPKey(MISPStandIn.secondKey)
        }
        http = HTTPClient(transport)
        client = MISPClient(.init(url: url, key: key), http: http)
    }

    /// Runs a test, and takes away the events that it made, whatever became of it.
    static func visit(_ body: (LiveMISP) async throws -> Void) async throws {
        let misp = try LiveMISP()
        defer { misp.standIn?.stop() }
        do {
            try await body(misp)
        } catch {
            try await misp.deleteAll()
            throw error
        }
        try await misp.deleteAll()
    }

    // MARK: What Warnbell sends

    /// The sink as the receiver has it, ready to compose.
    func sink(_ distribution: Distribution = .organisation) async throws -> RESTSink {
        let settings = try EventSettings(
            installationName: run, distribution: distribution,
            ownNetworks: IPBlockSet([try block("10.0.0.0/8")]))
        let sink = RESTSink(client: client, composer: EventComposer(settings: settings))
        try await sink.prepare()
        return sink
    }

    private func block(_ text: String) throws -> IPBlock {
        guard let block = IPBlock(text) else { throw Failure(what: "\(text) is no network") }
        return block
    }

    /// An attack with something of everything, from an address that the server's lists say nothing of.
    static func attack(_ address: String = "203.0.113.9") -> Evidence {
        var evidence = Sample.bruteForce(address)
        evidence.userAgents.add("sqlmap/1.7", Sample.tally(3))
        return evidence
    }

    /// A composition with more attributes, as an operator with many sites has them.
    func wide(_ sink: RESTSink, attributes: Int) throws -> Composition {
        let composition = try sink.compose(nil, Sample.batch(Self.attack()), flows: Sample.flows(), now: Sample.now)
        return try Self.adding(
            (0..<attributes).map { number in
                Attribute(
                    uuid: WireUUID(UUID(version5: "wide \(number)", in: composition.event)), type: .uri,
                    category: .networkActivity, value: "/page/\(number)", comment: "", toIDs: false,
                    disableCorrelation: true, distribution: .organisation, timestamp: WireSeconds(Sample.now))
            }, to: composition)
    }

    /// The same composition with more attributes.
    static func adding(_ attributes: [Attribute], to composition: Composition) throws -> Composition {
        var event = try EventDocument(body: composition.body).event
        event.attributes += attributes
        let items = attributes.map { attribute in
            Composition.Item(
                id: attribute.uuid.uuid, key: "\(attribute.type.rawValue)|\(attribute.value)", timestamp: Sample.now)
        }
        return Composition(
            event: composition.event, window: composition.window, body: try EventDocument(event).encoded(),
            items: composition.items + items, isUpdate: composition.isUpdate)
    }

    /// Delivers as the worker does, with a pause after each failure: the last receipt.
    func deliver(_ composition: Composition, to sink: RESTSink, note: [UInt8]? = nil) async throws -> Receipt {
        for attempt in 0... {
            let receipt = await sink.deliver(composition, note: note)
            guard case .retry = receipt, attempt < 40 else { return receipt }
            try await Task.sleep(for: .milliseconds(standIn == nil ? 500 : 10))
        }
        throw Failure(what: "no receipt")
    }

    // MARK: What people do

    /// A call with the key, or with another organisation's: status and body.
    func call(
        _ method: String, _ path: String, _ body: AnyJSON? = nil, isSecond: Bool = false
    ) async throws -> (status: Int, body: AnyJSON?) {
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let asked = isSecond ? secondKey : key
        let response = try await http.send(
            .init(
                method: method, url: base + path,
                headers: [
                    ("Authorization", asked?.authorization ?? ""), ("Accept", "application/json"),
                    ("Content-Type", "application/json"),
                ], body: body?.bytes ?? []))
        return (response.status, AnyJSON(response.body))
    }

    /// The event as the key's organisation sees it, or another one; nil where that sees none.
    func event(_ uuid: UUID, isSecond: Bool = false) async throws -> AnyJSON? {
        let answer = try await call("GET", "/events/view/\(uuid.lowercase)", isSecond: isSecond)
        return answer.status == 200 ? answer.body?["Event"] : nil
    }

    private func deleteAll() async throws {
        let sources = ["203.0.113.9", "203.0.113.10", "45.83.64.1"]
        let organisation = try await client.account().organisation
        let namespace = EventName.namespace(of: organisation, installation: run)
        let start = try EventSettings().window(of: Sample.batch(Self.attack()).opened).lowerBound
        for source in sources {
            let event = EventName.event(of: SourceKey(Sample.address(source)), windowStart: start, in: namespace)
            guard try await self.event(event) != nil else { continue }
            let answer = try await call("POST", "/events/delete/\(event.lowercase)")
            guard answer.status == 200, try await self.event(event) == nil else {
                throw Failure(what: "the event \(event.lowercase) of this test is still there: delete it by hand")
            }
        }
    }

    struct Failure: Error, CustomStringConvertible {
        let what: String
        var description: String { what }
    }
}

extension AnyJSON {
    /// The attributes of an event, those in objects included.
    var allAttributes: [AnyJSON] {
        let objects = self["Object"]?.elements ?? []
        return ([self] + objects).flatMap { $0["Attribute"]?.elements ?? [] }
    }
}
