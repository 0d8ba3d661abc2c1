import Pipeline
import TestKit
import Testing

@testable import MISP

/// One thing that MISP does, and what a delivery is to make of it.
struct BehaviourRow: Sendable, CustomTestStringConvertible {
    let name: String

    /// How the server is set up, or what its people do after the event was there.
    var server: @Sendable (inout MISPStandIn.State) -> Void = { _ in }

    /// What goes wrong with the requests of the delivery.
    var faults: [MISPStandIn.Fault] = []

    /// What is sent that other events do not have.
    var event: @Sendable (inout SentEvent) -> Void = { _ in }

    /// What the delivery asks for, attempts that failed included.
    let requests: [String]

    /// What comes of it.
    let check: @Sendable (Receipt, MISPStandIn.State) throws -> Void

    var testDescription: String { name }

    /// Delivers the event to a server that may have it already, as often as it takes.
    func run(isUpdate: Bool) async throws {
        let bench = try RESTSinkBench { state in
            // Else the client itself would send a request once more.
            state.keepsConnections = false
            if !isUpdate { server(&state) }
        }
        defer { bench.stop() }
        if isUpdate {
            _ = try await bench.deliver(SentEvent())
            bench.misp.change { server(&$0) }
        }
        bench.misp.change { $0.faults = faults }
        bench.forget()
        var sent = SentEvent()
        sent.isUpdate = isUpdate
        if isUpdate { sent.event.tags = [] }
        event(&sent)
        let (_, receipt) = try await bench.deliverUntilStored(sent, attempts: 3)
        #expect(bench.requests == requests)
        try check(receipt, bench.misp.state)
    }
}

extension MISPStandIn.State {
    /// The event of the table's tests.
    var event: MISPStandIn.Event? { events[SentEvent.uuid.lowercase] }
}
