import IPAddresses
import Journal
import Pipeline
import Timestamps

/// What people don't want shared.
extension IntentExecutor {
    func addNever(_ block: IPBlock, _ intent: Intent) async -> Intent.Outcome {
        let entry = NeverList.Entry(block: block, added: intent.asked, actor: intent.actor, reason: intent.reason)
        let isNew = await journal.addNever(entry)
        await pipeline?.setNever(journal.neverList())
        return .fine(isNew ? "\(block) is never named from now on." : "\(block) is on the list already.")
    }

    func removeNever(_ block: IPBlock) async -> Intent.Outcome {
        guard await journal.removeNever(block) else { return .failed("\(block) is not on the list.") }
        await pipeline?.setNever(journal.neverList())
        return .fine("\(block) is not on the list any more.")
    }

    func revoke(_ source: SourceKey, never: Bool, _ intent: Intent) async -> Intent.Outcome {
        var done: [String] = []
        if never {
            _ = await addNever(source.block, intent)
            done.append("It is never named again.")
            if await journal.dropHeld(source) != nil { done.append("What was held of it is forgotten.") }
        }
        let revocation = Revocation(source: source, at: intent.asked, actor: intent.actor, reason: intent.reason)
        let met =
            if let pipeline { await pipeline.revoke(revocation) } else { await journal.revoke(revocation) }
        guard !met.isEmpty else {
            let text = "Nothing was shared of \(source)."
            return never ? .fine(([text] + done).joined(separator: " ")) : .failed(text)
        }
        if !met.sinks.isEmpty {
            let when =
                pipeline == nil ? " once a server runs" : await journal.pause() == nil ? "" : " once sharing goes on"
            done.insert("\(source) is taken back from \(met.sinks.sorted().joined(separator: " and "))\(when).", at: 0)
        } else {
            done.insert("\(source) is not shared: what waited is forgotten.", at: 0)
        }
        return .fine(done.joined(separator: " "))
    }
}
