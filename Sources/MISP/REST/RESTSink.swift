package import FoundationEssentials
import Isolation
package import Pipeline
package import Timestamps

/// Sends events to a MISP server.
///
/// Sending a composition again leaves one event with each attribute once, wherever the last attempt broke off. Only
/// one delivery of an event may be under way at a time.
package struct RESTSink: EventSink {
    package let name = "misp"

    private let composer: EventComposer
    private let client: MISPClient
    private let shared: Shared

    /// - Parameter attributesPerRequest: the most attributes in one request, those in objects included. MISP takes
    ///   about 2 ms for each, and holds all of them in memory.
    package init(client: MISPClient, composer: EventComposer, attributesPerRequest: Int = 500) {
        self.client = client
        self.composer = composer
        shared = Shared(attributesPerRequest: attributesPerRequest)
    }

    /// Learns whose key it is, what it may do, and whether the server reads gzip.
    /// - Throws: ``MISPError``.
    package func prepare() async throws {
        guard shared.value.withLock({ $0.probe == nil }) else { return }
        let probe = try await client.probe()
        let role = probe.account.role
        guard role.mayAdd else { throw MISPError.permission("\(role.name) may not add events (perm_add)") }
        guard role.mayModify else { throw MISPError.permission("\(role.name) may not change events (perm_modify)") }
        shared.value.withLock {
            $0.probe = probe
            $0.organisation = probe.account.organisation
        }
    }

    package func window(of moment: Timestamp) -> Range<Timestamp> { composer.settings.window(of: moment) }

    package func receipt(for error: any Error) -> Receipt {
        if let error = error as? CompositionError { return .refused(reason: "\(error)") }
        return (error as? MISPError).map(Receipt.init(beforeSending:)) ?? .retry(after: nil, reason: "\(error)")
    }

    package func compose(
        _ history: History?, _ batch: Batch, flows: [FlowFindings], now: Timestamp
    ) throws -> Composition {
        guard let organisation = shared.value.withLock({ $0.organisation }) else { throw NotPreparedError() }
        return try composer.compose(history, batch, flows: flows, now: now, organisation: organisation)
    }

    package func deliver(_ composition: Composition, note: [UInt8]?) async -> Receipt {
        let event: MISPEvent
        do {
            event = try EventDocument(body: composition.body).event
        } catch {
            return .refused(reason: "what was composed is no event: \(error)")
        }
        let known = note.flatMap(EventNote.init) ?? EventNote()
        while true {
            do throws(MISPError) {
                return .stored(try await send(event, composition, known))
            } catch {
                // Smaller requests may get through, until they cannot be made smaller.
                if error == .tooLarge, shared.shrinkRequests(for: event) { continue }
                return answer(to: error)
            }
        }
    }

    package func withdraw(_ history: History, _ withdrawal: Withdrawal) async -> Receipt {
        let (client, role, limit) = terms
        do throws(MISPError) {
            return .stored(
                try await Retraction(
                    client: client, history: history, withdrawal: withdrawal,
                    role: role, mayPublish: composer.settings.publishing != .never,
                    attributesPerRequest: limit
                ).run())
        } catch {
            // Whoever deleted the event has taken it back.
            if error == .unknownEvent { return .stored(Receipt.Stored(confirmed: 0)) }
            return answer(to: error)
        }
    }

    package func publish(_ event: UUID) async -> Receipt {
        // An event that waits for it may come from when it was wanted.
        guard composer.settings.publishing == .afterQuiet else { return .leftOut(reason: "misp.publish is never") }
        do throws(MISPError) {
            try await client.publish(event)
            return .stored(Receipt.Stored(confirmed: 0))
        } catch {
            switch error {
            // Events are wanted all the same, and who may publish is for the MISP's administrator to say.
            case .permission(let text): return .leftOut(reason: "the key may not publish (perm_publish): \(text)")
            case .unknownEvent: return .leftOut(reason: "\(error)")
            default: return answer(to: error)
            }
        }
    }

    /// Once a person has mended what stops everything, another key may have other rights.
    private func answer(to error: MISPError) -> Receipt {
        let receipt = Receipt(error)
        if case .pause = receipt { shared.value.withLock { $0.probe = nil } }
        return receipt
    }

    private func send(
        _ event: MISPEvent, _ composition: Composition, _ known: EventNote
    ) async throws(MISPError) -> Receipt.Stored {
        let (client, role, limit) = terms
        let delivery = Delivery(
            client: client, composition: composition, event: event, role: role,
            known: known, attributesPerRequest: limit)
        return try await delivery.run()
    }

    /// How the server is spoken to: with gzip or without, with which rights, and how many attributes in one request.
    private var terms: (client: MISPClient, role: Account.Role?, attributesPerRequest: Int) {
        shared.value.withLock { value in
            let isGzip = value.probe?.version.requestEncodings.contains("gzip") ?? false
            return (client.compressing(isGzip), value.probe?.account.role, value.attributesPerRequest)
        }
    }

    /// What one call learns and later ones need.
    private final class Shared: Sendable {
        let value: Locked<Value>

        init(attributesPerRequest: Int) {
            value = Locked(Value(attributesPerRequest: attributesPerRequest))
        }

        /// A web server did not let a request with this event through: the next ones hold half of what it may have
        /// held. False when that was one attribute.
        func shrinkRequests(for event: MISPEvent) -> Bool {
            let sent = event.attributes.count + event.objects.reduce(0) { $0 + $1.attributes.count }
            return value.withLock { value in
                let held = min(value.attributesPerRequest, sent)
                guard held > 1 else { return false }
                value.attributesPerRequest = held / 2
                return true
            }
        }

        struct Value: Sendable {
            /// The most attributes in one request.
            var attributesPerRequest: Int
            /// Nil before the first success, and after an error that only a person can mend.
            var probe: MISPProbe?
            var organisation: Organisation?
        }
    }
}

/// An event cannot be composed before the organisation is known that its UUID is made of.
package struct NotPreparedError: Error, CustomStringConvertible {
    package var description: String { "MISP has not been asked yet whose key it is" }
}

extension Receipt {
    /// What is to become of a delivery that ended in an error.
    init(_ error: MISPError) {
        switch error {
        case .authentication, .permission, .misconfigured: self = .pause(reason: error.description)
        case .unavailable(_, let retryAfter): self = .retry(after: retryAfter, reason: error.description)
        case .rateLimited(let reset): self = .retry(after: reset, reason: error.description)
        // The event changed or went between two requests: the next attempt sees it as it is then.
        case .notNewer, .alreadyExists, .unknownEvent, .unknownAttribute:
            self = .retry(after: nil, reason: error.description)
        case .blocked, .invalid, .foreignEvent, .tooLarge, .unexpected:
            self = .refused(reason: error.description)
        }
    }

    /// The same for what only asked: nothing is refused for good before it was sent.
    init(beforeSending error: MISPError) {
        self.init(error)
        if case .refused(let reason) = self { self = .retry(after: nil, reason: reason) }
    }
}
