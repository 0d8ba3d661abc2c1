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

    package init(_ state: State = State()) throws {
        let shared = Shared(state)
        self.shared = shared
        server = try LoopbackServer { shared.answer($0) }
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

    /// Something that goes wrong with one request.
    package enum Fault: Sendable {
        /// This answer, and nothing is done.
        case reply(LoopbackServer.Reply)
        /// The connection is closed before anything is done.
        case dropBefore
        /// Everything is done and the connection closed without an answer.
        case dropAfter
        /// An internal error after so many attributes, objects and reports were stored, or after all of them.
        case halfStored(Int)
        /// Nothing is wrong with this one.
        case none

        /// An HTML page as a proxy gives it.
        package static func page(_ status: Int) -> Fault {
            .reply(.text("<html><body>\(status)</body></html>", status: status, type: "text/html"))
        }
    }

    private final class Shared: Sendable {
        let state: Locked<State>

        init(_ state: State) { self.state = Locked(state) }

        func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
            state.withLock { state in
                state.requests.append("\(request.method) \(request.path)")
                if request["Content-Encoding"] == "gzip" { state.gzipRequests += 1 }
                switch state.faults.isEmpty ? .none : state.faults.removeFirst() {
                case .reply(let reply): return reply
                case .dropBefore: return .drop
                case .dropAfter:
                    _ = state.answer(request)
                    return .drop
                case .halfStored(let parts):
                    state.partsUntilError = parts
                    _ = state.answer(request)
                    state.partsUntilError = nil
                    return .internalError
                case .none:
                    var reply = state.answer(request)
                    if !state.keepsConnections { reply.fields.append(("Connection", "close")) }
                    return reply
                }
            }
        }
    }
}
