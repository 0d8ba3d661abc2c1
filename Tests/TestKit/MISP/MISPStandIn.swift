import Dispatch
import Foundation
import Glibc
import Isolation

/// A MISP server as far as Warnbell talks to one, with MISP's unpleasant habits: attributes and tags that vanish with
/// status 200, a 404 for an event that exists, six meanings of 403, a 500 that leaves half an event behind.
///
/// Behaves as MISP 2.5.1 was measured to, over a real socket. Tests read and change ``state`` between requests.
package final class MISPStandIn: Sendable {
    package static let key = "CeX4mPl3k3yThatIsF0rtyCharactersL0ngAbcd"

    /// The key of a user of ``State/secondOrganisation``.
    package static let secondKey = "S3c0ndK3yOfAn0therOrgan1sat10nXXXXXXXXXX"

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

        /// As many requests are worked on at a time as MISP was measured with.
        private let workers = DispatchSemaphore(value: 4)

        init(_ state: State) { self.state = Locked(state) }

        func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
            let (fault, load) = state.withLock { ($0.take(request), $0.load) }
            guard let load else { return answer(request, with: fault) }
            workers.wait()
            defer { workers.signal() }
            Thread.sleep(forTimeInterval: (load.base + load.perAttribute * request.attributeCount) / .seconds(1))
            return answer(request, with: fault)
        }

        /// Does what a request asks for.
        func work(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
            state.withLock { state in
                var reply = state.answer(request)
                let name = "\(request.method) \(request.path)"
                if state.slow.contains(where: name.hasPrefix) { reply.delay = .seconds(3600) }
                reply.fields.append(("Date", Self.date(aheadBy: state.clockSkew)))
                if !state.keepsConnections { reply.fields.append(("Connection", "close")) }
                return reply
            }
        }

        /// The time of day in the form of RFC 9110 section 5.6.7.
        private static func date(aheadBy seconds: Int) -> String {
            var moment = time(nil) + seconds
            var parts = tm()
            gmtime_r(&moment, &parts)
            var text = [CChar](repeating: 0, count: 64)
            let length = strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
            return String(decoding: text.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }
}

extension MISPStandIn.State {
    /// A request came: what goes wrong with it.
    fileprivate mutating func take(_ request: Request) -> MISPStandIn.Fault {
        requests.append("\(request.method) \(request.path)")
        last = request
        if request["Content-Encoding"] == "gzip" { gzipRequests += 1 }
        return faults.isEmpty ? chaos?.next() ?? .none : faults.removeFirst()
    }
}

extension LoopbackServer.Request {
    /// The body as JSON; nil for one that is none.
    package var json: AnyJSON? { MISPStandIn.State.body(of: self).flatMap { AnyJSON($0) } }

    /// Attributes in the body, those in objects included.
    fileprivate var attributeCount: Int {
        guard let json else { return 0 }
        if let list = json.elements { return list.count }
        let event = json["Event"] ?? json
        let objects = event["Object"]?.elements ?? []
        return ([event] + objects).reduce(0) { $0 + ($1["Attribute"]?.elements?.count ?? 0) }
    }
}
