import Journal
import Timestamps

/// How a service stands, for a person, and what a person should do.
struct StatusReport {
    let status: JournalStatus
    let now: Timestamp
    let directory: String
    /// Whether `policy.mode` lets nothing be sent.
    let isObserving: Bool
    /// `retention.bytes`.
    let byteLimit: Int

    /// - Parameter width: that of the terminal, if it is one.
    func text(width: Int? = nil) -> String {
        let facts = [
            ("server", status.isServed ? "running" : "not running"),
            (
                "sharing",
                status.pause.map { "PAUSED \($0.text)" } ?? (isObserving ? "observing, nothing is sent" : "on")
            ),
            ("alerts", status.waiting == 0 ? "none wait" : "\(status.waiting) wait to be decided or batched"),
            ("events", events),
            ("held", Counted.text(status.held, "source")),
            ("dead letters", "\(status.deadLetters)"),
            ("journal", "\(Size.text(status.bytes)) of \(Unit.text(bytes: byteLimit)), \(directory)"),
        ]
        var lines = facts.map { name, value in
            let gap = String(repeating: " ", count: 14 - name.count)
            return TextTable.fitted(name + gap + LineText.escaped(value), to: width)
        }
        if !managers.isEmpty { lines += [""] + managers.lines(within: width) }
        if !sinks.isEmpty { lines += [""] + sinks.lines(within: width) }
        lines.append("")
        if advice.isEmpty { return (lines + ["Nothing needs a person."]).joined(separator: "\n") }
        return (lines + ["What to do next:"] + advice.map { "  - \(LineText.escaped($0))" }).joined(separator: "\n")
    }

    /// What of the events is still to be done, beside what sinks lack.
    private var events: String {
        let parts = [(status.unpublished, "to be published"), (status.withdrawing, "to be taken back")]
        let told = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return told.isEmpty ? "none wait" : told.joined(separator: ", ")
    }

    private var managers: TextTable {
        var table = TextTable("MANAGER", "LAST ALERT", "AGO", "LAG")
        for manager in status.managers {
            table.add(
                manager.name ?? "-", manager.last.brief, Age.text(now - manager.last),
                manager.lag.map { Age.text($0) } ?? "-")
        }
        return table
    }

    private var sinks: TextTable {
        var table = TextTable("SINK", "LAST EVENT TAKEN", "LACKS SOURCES", "ALERTS", "SINCE", "STATE")
        for sink in status.sinks {
            table.add(
                sink.name, sink.confirmed?.brief ?? "-", "\(sink.sources)", "\(sink.alerts)",
                sink.oldest?.brief ?? "-", state(of: sink))
        }
        return table
    }

    private func state(of sink: JournalStatus.Sink) -> String {
        guard status.isServed else { return "-" }
        guard status.pause == nil else { return "paused" }
        guard let rest = sink.rest else { return "in use" }
        return rest.until > now ? "left alone until \(rest.until.brief)" : "tried again"
    }

    /// What needs a person, and what to do about it.
    var advice: [String] {
        var advice: [String] = []
        if !status.isServed {
            advice.append("No server runs: alerts are not taken. Start it, as with `systemctl start warnbell`.")
        }
        if status.pause != nil {
            advice.append("Sharing is paused: `warnbell resume` once what it was paused for is over.")
        }
        for sink in status.sinks {
            guard let rest = sink.rest else { continue }
            advice.append("\(sink.name) does not take events (\(rest.reason)): `warnbell check` tells what it finds.")
        }
        if status.deadLetters > 0 {
            let letters = Counted.text(status.deadLetters, "event was", "events were")
            advice.append("\(letters) refused for good: `warnbell dead-letters list` tells why.")
        }
        if status.held > 0 {
            let sources = Counted.text(status.held, "source waits", "sources wait")
            advice.append("\(sources) for your decision: `warnbell held list`, then `held release` or `held drop`.")
        }
        if status.bytes > byteLimit / 10 * 9 {
            advice.append("The journal is nearly full: when it is, alerts are turned away. Raise retention.bytes.")
        }
        if let oldest = status.openIntents.first, now - oldest.asked > .seconds(30) {
            advice.append(
                "`\(oldest.request.command)`, asked by \(oldest.actor), is not done: look at the server's log.")
        }
        return advice
    }
}
