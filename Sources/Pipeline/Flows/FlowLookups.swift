package import IPAddresses
import Isolation
import Timestamps

/// Asks a flow source for many sources at once: whatever is asked while a look-up is under way shares the next one.
///
/// Bounded: beyond ``Limits/waiting`` addresses the newest are answered at once with nothing known.
package actor FlowLookups {
    package struct Limits: Sendable {
        /// Addresses in one round trip.
        package var perRoundTrip = 50
        /// Addresses that wait for theirs.
        package var waiting = 10_000

        package init() {}
    }

    /// What one round trip came to, for logs and metrics.
    package struct Outcome: Sendable {
        package let addresses: Int
        /// Those whose answers may lack something.
        package let incomplete: Int
        package let took: Duration
        /// Why nothing was learned; nil when the source answered.
        package let failure: String?
    }

    private let source: any FlowSource
    private let lookback: Duration
    private let limits: Limits
    private let report: @Sendable (Outcome) -> Void
    private var waiting: [(address: IPAddress, continuation: CheckedContinuation<FlowFindings, Never>)] = []
    private var isAsking = false

    /// - Parameter lookback: how far back the flows are searched.
    package init(
        source: any FlowSource, lookback: Duration, limits: Limits = Limits(),
        report: @escaping @Sendable (Outcome) -> Void
    ) {
        self.source = source
        self.lookback = lookback
        self.limits = limits
        self.report = report
    }

    /// What the logs say of `address` up to now; incomplete with the reason where they could not be asked.
    package func findings(for address: IPAddress) async -> FlowFindings {
        guard waiting.count < limits.waiting else {
            return FlowFindings(address: address, incomplete: ["too many addresses waited to be looked up"])
        }
        return await withCheckedContinuation { continuation in
            waiting.append((address, continuation))
            if !isAsking {
                isAsking = true
                Task { await ask() }
            }
        }
    }

    /// Addresses that wait for the next round trips.
    var waitingAddresses: Int { waiting.count }

    private func ask() async {
        while !waiting.isEmpty {
            let round = waiting.prefix(limits.perRoundTrip)
            waiting.removeFirst(round.count)
            let answers = await answers(for: round.map(\.address))
            for (asked, answer) in zip(round, answers) { asked.continuation.resume(returning: answer) }
        }
        isAsking = false
    }

    private func answers(for addresses: [IPAddress]) async -> [FlowFindings] {
        let began = ContinuousClock.now
        let now = Timestamp.now()
        do {
            var answers = try await source.lookup(addresses, in: now - lookback..<now)
            if answers.count != addresses.count {
                answers = addresses.map {
                    FlowFindings(address: $0, incomplete: ["\(source.name) answered out of order"])
                }
            }
            let incomplete = answers.count { !$0.incomplete.isEmpty }
            report(
                Outcome(addresses: addresses.count, incomplete: incomplete, took: .now - began, failure: nil))
            return answers
        } catch {
            report(
                Outcome(
                    addresses: addresses.count, incomplete: addresses.count, took: .now - began, failure: "\(error)"))
            return addresses.map { FlowFindings(address: $0, incomplete: ["\(error)"]) }
        }
    }
}
