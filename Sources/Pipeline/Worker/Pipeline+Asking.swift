import IPAddresses

/// What Netflow is asked while a batch is open.
extension Pipeline {
    /// Asks Netflow about an address that may get an event, unless it was asked lately.
    func lookUp(_ address: IPAddress, of source: SourceKey) {
        guard !settings.isObserving, let lookups, (answers[source]?.count ?? 0) < settings.evidence.attackers,
            asked.mayAsk(address, at: time.instant())
        else { return }
        let answer = FlowAnswer(about: address)
        answers[source, default: []].append(answer)
        pendingAnswers[ObjectIdentifier(answer)] = answer
        Task {
            var findings = await lookups.findings(for: address)
            findings.keepStrongest(Self.keptPeers)
            answer.complete(with: findings)
            pendingAnswers[ObjectIdentifier(answer)] = nil
            if findings.flowRecords == 0, !findings.incomplete.isEmpty { asked.forget(address) }
        }
    }

    /// Peers of an address that are kept one by one.
    private static let keptPeers = 200
}
