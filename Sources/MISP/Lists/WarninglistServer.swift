package import IPAddresses
package import Pipeline

/// A MISP server's own warninglists: many sources in one request, and each address once in a while only.
package actor WarninglistServer: AddressLists {
    package struct Limits: Sendable {
        /// Addresses in one request. A source may have more of its own.
        package var perRequest = 100
        /// Sources that wait for the next requests.
        package var waiting = 10_000
        /// How long an answer holds, whether the address is on a list or not.
        package var lifetime = Duration.seconds(3600)
        package var remembered = 100_000

        package init() {}
    }

    private typealias Answer = Result<[IPAddress: [ListMatch]], ListsUnanswered>

    private let client: MISPClient
    private let limits: Limits
    private let now: @Sendable () -> ContinuousClock.Instant
    private var memory: ListMemory
    private var waiting: [(addresses: Set<IPAddress>, continuation: CheckedContinuation<Answer, Never>)] = []
    private var isAsking = false

    package init(
        client: MISPClient, limits: Limits = Limits(),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.client = client
        self.limits = limits
        self.now = now
        memory = ListMemory(lifetime: limits.lifetime, limit: limits.remembered)
    }

    /// The server is asked about the addresses that were seen, and about the first one of an IPv6 /64.
    package func matches(of source: SourceKey, _ addresses: [IPAddress]) async throws(ListsUnanswered) -> [ListMatch] {
        let addresses = Set(addresses + [source.block.first])
        let moment = now()
        let known = addresses.compactMap { memory.answer(for: $0, at: moment) }
        if known.count == addresses.count { return known.flatMap(\.self) }
        guard waiting.count < limits.waiting else {
            throw ListsUnanswered(.retry(after: nil, reason: "too many sources wait for MISP's warninglists"))
        }
        let answer = await withCheckedContinuation { continuation in
            waiting.append((addresses, continuation))
            if !isAsking {
                isAsking = true
                Task { await ask() }
            }
        }
        return try answer.get().values.flatMap(\.self)
    }

    /// Sources that wait for the next requests.
    var waitingSources: Int { waiting.count }

    private func ask() async {
        while !waiting.isEmpty {
            var addresses: Set<IPAddress> = []
            let round = Array(
                waiting.prefix { question in
                    let all = addresses.union(question.addresses)
                    guard addresses.isEmpty || all.count <= limits.perRequest else { return false }
                    addresses = all
                    return true
                })
            waiting.removeFirst(round.count)
            let answer = await answer(for: addresses)
            for question in round {
                question.continuation.resume(
                    returning: answer.map { $0.filter { question.addresses.contains($0.key) } })
            }
        }
        isAsking = false
    }

    private func answer(for addresses: Set<IPAddress>) async -> Answer {
        var answers: [IPAddress: [ListMatch]] = [:]
        for address in addresses { answers[address] = memory.answer(for: address, at: now()) }
        let unknown = addresses.filter { answers[$0] == nil }.sorted()
        guard !unknown.isEmpty else { return .success(answers) }
        do throws(MISPError) {
            let listed = try await client.warninglists(naming: unknown.map { "\($0)" })
            for address in unknown {
                let matches = listed["\(address)"] ?? []
                memory.note(matches, for: address, at: now())
                answers[address] = matches
            }
            return .success(answers)
        } catch {
            return .failure(ListsUnanswered(Receipt(asking: error)))
        }
    }
}

extension Receipt {
    /// What is to become of deliveries while the server does not say what is on its warninglists.
    fileprivate init(asking error: MISPError) {
        let prefix = "MISP's warninglists could not be asked: "
        self =
            switch Receipt(beforeSending: error) {
            case .retry(let after, let reason): .retry(after: after, reason: prefix + reason)
            case .pause(let reason): .pause(reason: prefix + reason)
            case .stored, .leftOut, .refused: .retry(after: nil, reason: prefix + error.description)
            }
    }
}
