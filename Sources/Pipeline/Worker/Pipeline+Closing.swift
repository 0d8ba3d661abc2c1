import FoundationEssentials
import Timestamps
import Wazuh

/// Closed batches on their way to the sinks.
extension Pipeline {
    /// Keeps the batch, and hands it to the sinks once Netflow has answered or its time is up.
    func close(_ batch: Batcher.Closing) {
        report(.batchClosed(batch.source, alerts: batch.members.count))
        let answers = answers.removeValue(forKey: batch.source) ?? []
        let deadline = isEnding ? time.instant() : time.instant().advanced(by: settings.flowWait)
        let previous = closing[batch.source]?.task
        closings += 1
        let number = closings
        let task = Task {
            await deliver(batch, answers, until: deadline, after: previous)
            if closing[batch.source]?.number == number { closing[batch.source] = nil }
        }
        closing[batch.source] = (number, task)
    }

    private func deliver(
        _ closed: Batcher.Closing, _ answers: [FlowAnswer], until deadline: ContinuousClock.Instant,
        after previous: Task<Void, Never>?
    ) async {
        let members = closed.members.map(\.sequence)
        guard !settings.isObserving else {
            if closed.mayOpen { report(.observed(closed.source, alerts: members.count)) }
            return await journal.finish(members)
        }
        guard !workers.isEmpty else { return await journal.finish(members) }
        // Batches of a source reach the journal in the order in which they closed.
        await previous?.value
        if !closed.mayOpen {
            guard await hasEvent(closed) else { return await keep(closed) }
        }
        let now = time.timestamp()
        guard let evidence = await evidence(of: closed) else { return await journal.finish(members) }
        let batch = Batch(
            id: UUID(), source: closed.source, opened: closed.opened, closed: now, evidence: evidence,
            mayOpen: closed.mayOpen)
        guard await !setsAside(batch, members: members) else { return }
        await journal.close(batch, members: members, sinks: workers.map(\.name))
        var flows: [FlowFindings] = []
        for answer in answers {
            if let findings = await answer.value(until: deadline, time) {
                flows.append(findings)
            } else {
                asked.forget(answer.address)
            }
        }
        for (_, worker) in workers { await worker.deliver(batch.source, flows: flows) }
    }

    /// Whether a sink has an event that the batch can join, or is about to.
    private func hasEvent(_ batch: Batcher.Closing) async -> Bool {
        for (_, worker) in workers {
            if await worker.hasEvent(of: batch.source, at: batch.opened) { return true }
        }
        return false
    }

    /// There is no event after all: the alerts wait for one, like those that come now.
    private func keep(_ batch: Batcher.Closing) async {
        if !batcher.isOpen(batch.source) { events.remove(batch.source) }
        var gone: [UInt64] = []
        for member in batch.members {
            if batcher.isOpen(batch.source), add(member, of: batch.source, received: batch.opened) { continue }
            gone += context.add(member.sequence, rule: member.rule, of: batch.source, received: batch.opened)
        }
        startExpiry()
        await journal.finish(gone)
    }

    /// What the members' alerts say, read from the journal; nil when it has none of them.
    private func evidence(of batch: Batcher.Closing) async -> Evidence? {
        let members = Dictionary(batch.members.map { ($0.sequence, $0) }, uniquingKeysWith: { first, _ in first })
        var evidence: Evidence?
        for entry in await journal.entries(batch.members.map(\.sequence)) {
            guard let member = members[entry.sequence], let attacker = decider.attacker(of: entry.alert) else {
                continue
            }
            Evidence.count(
                entry, attacker, mayDetect: member.mayDetect, policyRule: decider.ruleName(member.rule),
                settings.evidence, into: &evidence)
        }
        return evidence
    }
}
