import IPAddresses
import Journal
import Pipeline
import Timestamps

/// Carries out what people ask for beside the server: in the server, or in a command where none runs.
///
/// A crash may come between an intent's work and its outcome, and then it is carried out again: each method can be.
struct IntentExecutor: Sendable {
    let journal: DurableJournal

    /// The names of those that are configured.
    let sinks: [String]

    /// Who is to be told; nil where nothing runs.
    let pipeline: Pipeline?

    /// Whether a source may be told of by now; asked before what is held of it is released.
    let mayShare: @Sendable (SourceKey, [IPAddress]) async -> Verdict

    /// Hears of each intent that is carried out, before whoever asked does.
    let carriedOut: @Sendable (Intent, Intent.Outcome) -> Void

    /// Carries out all that is asked for, in its order.
    func work() async {
        for intent in await journal.openIntents() {
            let outcome = await carryOut(intent)
            carriedOut(intent, outcome)
            await journal.finish(intent, outcome, at: .now())
        }
    }

    private func carryOut(_ intent: Intent) async -> Intent.Outcome {
        switch intent.request {
        case .pause: await pause(intent)
        case .resume: await resume()
        case .replay(let id?): await replay(id)
        case .replay(nil): await replayAll()
        case .dropDeadLetter(let id): await dropDeadLetter(id)
        case .release(.source(let source)): await release(source)
        case .release(.all): await release { _ in true }
        case .release(.rule(let rule)): await release { $0.batch.evidence.rules.values.keys.contains { $0.id == rule } }
        case .dropHeld(let source): await dropHeld(source)
        case .addNever(let block): await addNever(block, intent)
        case .removeNever(let block): await removeNever(block)
        case .revoke(let source, let never): await revoke(source, never: never, intent)
        case .unknown(let command): .failed("This version of warnbell knows no '\(command)'.")
        }
    }

    private func pause(_ intent: Intent) async -> Intent.Outcome {
        // The brake first, the record after it.
        let underWay = await pipeline?.setPaused(true) ?? 0
        if let pause = await journal.pause() { return .fine("Sharing is paused already: \(pause.text).") }
        await journal.setPause(Pause(since: .now(), actor: intent.actor, reason: intent.reason))
        let rest = underWay > 0 ? " \(Counted.text(underWay, "delivery", "deliveries")) had begun before." : ""
        return .fine("Sharing is paused. Alerts are still taken; nothing goes out until `warnbell resume`.\(rest)")
    }

    private func resume() async -> Intent.Outcome {
        guard let pause = await journal.pause() else { return .fine("Sharing is not paused.") }
        await journal.setPause(nil)
        await pipeline?.setPaused(false)
        return .fine("Sharing goes on; it was paused \(pause.text).")
    }

    private func replay(_ id: Int64) async -> Intent.Outcome {
        guard let letter = await journal.deadLetters(after: id - 1, limit: 1).first, letter.id == id else {
            return .failed("There is no dead letter \(id).")
        }
        guard sinks.contains(letter.sink) else {
            return .failed("Dead letter \(id) is for \(letter.sink), which is not configured any more.")
        }
        guard await replay(letter) else { return .failed("Dead letter \(id) can't be read; it stays where it is.") }
        return .fine("\(letter.source) goes to \(letter.sink) again, composed anew.")
    }

    private func replayAll() async -> Intent.Outcome {
        var replayed = 0
        var left = 0
        var last: Int64 = 0
        while true {
            let letters = await journal.deadLetters(after: last, limit: 100)
            guard let end = letters.last else { break }
            for letter in letters {
                if sinks.contains(letter.sink), await replay(letter) { replayed += 1 } else { left += 1 }
            }
            last = end.id
        }
        let text = "\(Counted.text(replayed, "event goes", "events go")) to its sink again, composed anew."
        guard left > 0 else { return .fine(text) }
        return .failed("\(text) \(left) stay: their sink is not configured any more, or they can't be read.")
    }

    private func replay(_ letter: DeadLetter) async -> Bool {
        guard await journal.replay(deadLetter: letter.id) != nil else { return false }
        await pipeline?.replayed(letter.source, at: letter.sink)
        return true
    }

    private func release(_ source: SourceKey) async -> Intent.Outcome {
        if let reason = await refusal(of: await journal.held(source)) {
            return .failed("\(source) is not shared: \(reason). `warnbell held drop` forgets what is held of it.")
        }
        guard let held = await journal.release(source, to: sinks) else {
            return .failed("Nothing is held of \(source).")
        }
        await pipeline?.released(source)
        return .fine("\(source) is shared: \(Counted.text(held.batch.evidence.alerts.count, "alert")).")
    }

    /// Why nobody may be told of what is held, whatever a person says; nil where that is no reason.
    private func refusal(of held: Held?) async -> String? {
        guard let held else { return nil }
        let addresses = held.batch.evidence.attackers.values.keys.map(\.address)
        guard case .never(let reason) = await mayShare(held.source, addresses) else { return nil }
        return reason
    }

    private func release(where isMeant: (Held) -> Bool) async -> Intent.Outcome {
        var released = 0
        var refused = 0
        var revoked = 0
        let revocations = Set(await journal.revocations(at: .now()).map(\.source))
        var last: SourceKey?
        while true {
            let page = await journal.heldSources(after: last, limit: 100)
            guard let end = page.last else { break }
            for held in page where isMeant(held) {
                if revocations.contains(held.source) {
                    revoked += 1
                    continue
                }
                guard await refusal(of: held) == nil else {
                    refused += 1
                    continue
                }
                guard await journal.release(held.source, to: sinks) != nil else { continue }
                await pipeline?.released(held.source)
                released += 1
            }
            last = end.source
        }
        guard released + refused + revoked > 0 else { return .failed("No such source is held.") }
        var text = "\(Counted.text(released, "source is", "sources are")) shared."
        // Who took them back is not overruled by the way.
        if revoked > 0 { text += " \(revoked) stay: they were revoked, and are shared again by their own names only." }
        guard refused > 0 else { return revoked > 0 ? .failed(text) : .fine(text) }
        return .failed("\(text) \(refused) stay: networks.* or `warnbell never` forbid to share them by now.")
    }

    private func dropHeld(_ source: SourceKey) async -> Intent.Outcome {
        guard let held = await journal.dropHeld(source) else { return .failed("Nothing is held of \(source).") }
        return .fine(
            "\(source) is not shared: \(Counted.text(held.batch.evidence.alerts.count, "alert is", "alerts are")) forgotten."
        )
    }

    private func dropDeadLetter(_ id: Int64) async -> Intent.Outcome {
        guard let letter = await journal.drop(deadLetter: id) else { return .failed("There is no dead letter \(id).") }
        return .fine("Dead letter \(id) is gone: \(letter.source) was not told to \(letter.sink).")
    }
}

extension Pause {
    /// `since 2026-11-24T03:02:11Z by root (a scanner of ours)`.
    var text: String { "since \(since.brief) by \(actor)" + (reason.map { " (\($0))" } ?? "") }
}
