import Foundation
import HTTPClient
import Isolation
import Pipeline
import TestKit

@testable import MISP

/// A sink and the MISP it sends to.
struct RESTSinkBench {
    let misp: MISPStandIn
    let sink: RESTSink
    private let ledger = Ledger()

    init(attributesPerRequest: Int = 500, _ change: (inout MISPStandIn.State) -> Void = { _ in }) throws {
        var state = MISPStandIn.State()
        change(&state)
        misp = try MISPStandIn(state)
        sink = try Self.sink(url: misp.url, attributesPerRequest: attributesPerRequest)
    }

    static func sink(
        url: String, key: String = MISPStandIn.key, attributesPerRequest: Int = 500,
        publishing: EventSettings.Publishing = .afterQuiet
    ) throws -> RESTSink {
        RESTSink(
            client: MISPClient(.init(url: url, key: MISPKey(key)), http: HTTPClient()),
            composer: EventComposer(settings: try EventSettings(publishing: publishing)),
            attributesPerRequest: attributesPerRequest)
    }

    func stop() { misp.stop() }

    /// The event as the server holds it.
    var stored: MISPStandIn.Event? { misp.state.events[SentEvent.uuid.lowercase] }

    /// What was asked of the server about events, in short: `add`, `edit`, `view`, `attributes`, `sightings`.
    var requests: [String] {
        misp.state.requests.compactMap { line in
            let parts = line.split(whereSeparator: { "/ ".contains($0) })
            switch parts[1] {
            case "events": return String(parts[2])
            case "attributes", "sightings": return String(parts[1])
            default: return nil
            }
        }
    }

    /// Forgets the requests so far.
    func forget() {
        misp.change { $0.requests = [] }
    }

    /// What the sink said to remember of the event last.
    var note: [UInt8]? { ledger.note.withLock { $0 } }

    /// Delivers the event once, and keeps the sink's note for the next delivery.
    func deliver(_ event: SentEvent) async throws -> Receipt {
        let receipt = await sink.deliver(try event.composition(), note: note)
        if let note = receipt.note { ledger.note.withLock { $0 = note } }
        return receipt
    }

    /// Delivers it as often as the sink asks for, as the worker does: the number of attempts and the last receipt.
    func deliverUntilStored(
        _ event: SentEvent, attempts most: Int = 20
    ) async throws -> (attempts: Int, receipt: Receipt) {
        let composition = try event.composition()
        var attempts = 0
        while true {
            attempts += 1
            let receipt = await sink.deliver(composition, note: note)
            if case .retry = receipt, attempts < most { continue }
            return (attempts, receipt)
        }
    }
}

/// What a journal keeps for the sink.
private final class Ledger: Sendable {
    let note = Locked<[UInt8]?>(nil)
}

extension EventSink {
    /// Delivers what nothing is remembered of.
    func deliver(_ composition: Composition) async -> Receipt { await deliver(composition, note: nil) }
}

extension Receipt {
    /// What the sink told of an event that it stored, without its note.
    var stored: Stored? {
        guard case .stored(var stored) = self else { return nil }
        stored.note = nil
        return stored
    }

    var note: [UInt8]? { if case .stored(let stored) = self { stored.note } else { nil } }

    /// What a person is told.
    var reason: String {
        switch self {
        case .stored(let stored): (stored.warnings + stored.refused.map(\.reason)).joined(separator: "\n")
        case .leftOut(let reason), .retry(_, let reason), .pause(let reason), .refused(let reason): reason
        }
    }

    /// The case's name alone.
    var kind: String {
        switch self {
        case .stored: "stored"
        case .leftOut: "left out"
        case .retry: "retry"
        case .pause: "pause"
        case .refused: "refused"
        }
    }
}
