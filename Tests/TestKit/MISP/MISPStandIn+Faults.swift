import Glibc
import Isolation

extension MISPStandIn {
    /// Something that goes wrong with one request.
    package enum Fault: Sendable {
        /// This answer, and nothing is done.
        case reply(LoopbackServer.Reply)
        /// The connection is closed before anything is done.
        case dropBefore
        /// Everything is done and the connection closed without an answer.
        case dropAfter
        /// Nothing is done, and there is no answer until the client gives up.
        case silenceBefore
        /// Everything is done, and there is no answer until the client gives up.
        case silenceAfter
        /// An internal error after so many attributes, objects and reports were stored, or after all of them.
        case halfStored(Int)
        /// The first half is stored at once and the rest after this time, whether the client still waits or not.
        case slow(Duration)
        /// Nothing is wrong with this one.
        case none

        /// An HTML page as a proxy gives it.
        package static func page(_ status: Int, _ fields: (name: String, value: String)...) -> Fault {
            var reply = LoopbackServer.Reply.text(
                "<html><body>\(status)</body></html>", status: status, type: "text/html")
            reply.fields += fields
            return .reply(reply)
        }

        /// Too many requests: this many seconds are to pass.
        package static func rateLimit(reset seconds: Int) -> Fault {
            .reply(.rateLimit(reset: seconds))
        }
    }

    /// A server that is ill: faults drawn at random.
    package struct Chaos: Sendable {
        private var random: Seeded
        private let percent: Int
        private let timeout: Duration

        /// - Parameters:
        ///   - percent: how many requests of a hundred go wrong.
        ///   - timeout: how long the client waits for an answer: some faults last longer.
        package init(seed: UInt64, percent: Int, timeout: Duration) {
            random = Seeded(seed)
            self.percent = percent
            self.timeout = timeout
        }

        mutating func next() -> Fault {
            guard random.chance(percent: percent) else { return .none }
            let faults: [Fault] = [
                .slow(timeout * .random(in: 0..<0.8, using: &random)), .slow(timeout * 1.2),
                .halfStored(.random(in: 0..<8, using: &random)), .dropBefore,
                .dropAfter, .silenceBefore, .silenceAfter, .page(502), .page(503, ("Retry-After", "1")),
                .rateLimit(reset: 1),
            ]
            return faults.randomElement(using: &random) ?? .none
        }
    }
}

extension MISPStandIn.Shared {
    /// What the client gets for a request, with which this goes wrong.
    func answer(_ request: LoopbackServer.Request, with fault: MISPStandIn.Fault) -> LoopbackServer.Reply {
        switch fault {
        case .reply(let reply): return reply
        case .dropBefore: return .drop
        case .silenceBefore: return .silence
        case .dropAfter:
            _ = work(request)
            return .drop
        case .silenceAfter:
            _ = work(request)
            return .silence
        case .halfStored(let parts):
            state.withLock { state in
                state.partsUntilError = parts
                _ = state.answer(request)
                state.partsUntilError = nil
            }
            return .internalError
        case .slow(let time): return slowly(request, time)
        case .none: return work(request)
        }
    }

    private func slowly(_ request: LoopbackServer.Request, _ time: Duration) -> LoopbackServer.Reply {
        let milliseconds = Int32(time / .milliseconds(1))
        guard let half = request.firstHalf, let edit = request.asEdit else {
            poll(nil, 0, milliseconds)
            return work(request)
        }
        let reply = work(half)
        guard reply.status == 200 else { return reply }
        poll(nil, 0, milliseconds)
        return work(edit)
    }
}

extension LoopbackServer.Request {
    /// The part of a change to an event that is done when half of it is; nil for another call.
    fileprivate var firstHalf: Self? {
        guard path.hasPrefix("/events/"), let json = MISPStandIn.State.body(of: self).flatMap({ AnyJSON($0) }),
            var event = (json["Event"] ?? json).members
        else { return nil }
        let attributes = event["Attribute"]?.elements ?? []
        event["Attribute"] = .array(Array(attributes.prefix(attributes.count / 2)))
        for later in ["Object", "EventReport", "Tag"] { event[later] = nil }
        var half = self
        half.body = AnyJSON.object(["Event": .object(event)]).bytes
        half.fields.removeAll { $0.name.lowercased() == "content-encoding" }
        return half
    }

    /// The same for an event that is there already; nil for a call about something else.
    fileprivate var asEdit: Self? {
        if path.hasPrefix("/events/edit/") { return self }
        guard path.hasPrefix("/events/add"), let json = MISPStandIn.State.body(of: self).flatMap({ AnyJSON($0) }),
            let uuid = (json["Event"] ?? json)["uuid"]?.text
        else { return nil }
        var edit = self
        edit.target = target.replacing("/events/add", with: "/events/edit/\(uuid)", maxReplacements: 1)
        return edit
    }
}
