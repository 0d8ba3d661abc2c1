import Foundation
import Isolation

/// A MISP server as far as Warnbell talks to one, with MISP's unpleasant habits: attributes and tags that vanish with
/// status 200, a 404 for an event that exists, six meanings of 403, a 500 that leaves half an event behind.
///
/// Behaves as MISP 2.5.1 was measured to, over a real socket. Tests read and change ``state`` between requests.
package final class MISPStandIn: Sendable {
    package static let key = "CeX4mPl3k3yThatIsF0rtyCharactersL0ngAbcd"

    package let server: LoopbackServer
    private let shared: Shared

    /// - Parameter port: where it listens, any free port where none is given.
    package init(_ state: State = State(), port: UInt16 = 0) throws {
        let shared = Shared(state)
        self.shared = shared
        server = try LoopbackServer(port: port) { shared.answer($0) }
    }

    package var url: String { server.url }

    package func stop() { server.stop() }

    /// What the server holds and how it is set up, as of now.
    package var state: State { shared.state.withLock { $0 } }

    package func change(_ body: (inout State) -> Void) {
        shared.state.withLock { body(&$0) }
    }

    /// Makes the next requests fail, one fault each.
    package func fail(next faults: Fault...) {
        shared.state.withLock { $0.faults += faults }
    }

    /// What every connection of the server works on.
    final class Shared: Sendable {
        let state: Locked<State>

        init(_ state: State) { self.state = Locked(state) }

        func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
            answer(request, with: state.withLock { $0.take(request) })
        }

        /// Does what a request asks for.
        func work(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
            state.withLock { state in
                var reply = state.answer(request)
                let name = "\(request.method) \(request.path)"
                if state.slow.contains(where: name.hasPrefix) { reply.delay = .seconds(3600) }
                if !state.keepsConnections { reply.fields.append(("Connection", "close")) }
                return reply
            }
        }
    }
}

extension MISPStandIn.State {
    /// A request came: what goes wrong with it.
    fileprivate mutating func take(_ request: Request) -> MISPStandIn.Fault {
        requests.append("\(request.method) \(request.path)")
        if request["Content-Encoding"] == "gzip" { gzipRequests += 1 }
        return faults.isEmpty ? chaos?.next() ?? .none : faults.removeFirst()
    }
}
