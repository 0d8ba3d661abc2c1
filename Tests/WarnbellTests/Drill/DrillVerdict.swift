import Foundation
import TestKit

/// What the client's book and MISP's say when they are laid side by side. Warnbell's own are not asked.
struct DrillVerdict {
    /// Alerts that were answered 202 and should be in MISP but aren't.
    private(set) var lost: [DrillAlert] = []

    /// What is in MISP more than once, in words.
    private(set) var doubled: [String] = []

    /// What is in MISP and should not be, in words.
    private(set) var uninvited: [String] = []

    /// Events whose report counts other alerts than those whose paths they have.
    private(set) var miscounted: [String] = []

    private(set) var accepted = 0
    private(set) var unanswered = 0
    private(set) var unansweredPresent = 0
    private(set) var events = 0

    /// How many sightings an attribute may have: one, since Warnbell sends one an hour and no drill takes that long, but
    /// another one from a receiver that lost its data.
    private let sightings: Int

    init(_ book: DrillBook, _ state: MISPStandIn.State, sightings: Int = 1) {
        self.sightings = sightings
        let paths = compare(Array(state.events.values))
        events = state.events.count
        let named = Set(
            book.entries.filter { $0.alert.fate == .shared && $0.answer == .accepted }.map(\.alert.attacker))
        for entry in book.entries {
            let alert = entry.alert
            let holders = paths[alert.path] ?? []
            if holders.count > 1 { doubled.append("\(alert.path) is in the events of \(holders)") }
            if let holder = holders.first, holder != alert.attacker {
                uninvited.append("\(alert.path) of \(alert.attacker.name) is in the event of \(holder.name)")
            }
            if !holders.isEmpty, alert.fate == .held || alert.fate == .ignored || entry.answer == .refused {
                uninvited.append("\(alert.path), \(alert.fate), \(entry.answer)")
            }
            switch entry.answer {
            case .accepted:
                accepted += 1
                let isDue = alert.fate == .shared || alert.fate == .context && named.contains(alert.attacker)
                if isDue, holders.isEmpty { lost.append(alert) }
            case .none:
                unanswered += 1
                if !holders.isEmpty { unansweredPresent += 1 }
            case .refused: break
            }
        }
    }

    var isClean: Bool { lost.isEmpty && doubled.isEmpty && uninvited.isEmpty && miscounted.isEmpty }

    /// The whole verdict, for a person.
    var text: String {
        """
        \(accepted) alerts answered 202, \(lost.count) of them lost; \(unanswered) without an answer, \
        \(unansweredPresent) of them there; \(events) events
        """
            + [("lost", lost.map { "\($0.path) \($0.fate) \($0.address)" }), ("doubled", doubled)].lines
            + [("uninvited", uninvited), ("miscounted", miscounted)].lines
    }

    // MARK: MISP's books

    /// Looks at the events one by one; the attackers by the paths that stand in their events.
    private mutating func compare(_ events: [MISPStandIn.Event]) -> [String: [DrillAttacker]] {
        var paths: [String: [DrillAttacker]] = [:]
        var known: Set<DrillAttacker> = []
        for event in events {
            let living = event.attributes.filter { !$0.deleted }
            let attackers = Set(living.filter { $0.type == "ip-src" }.map { DrillAttacker(address: $0.value) })
            guard let attacker = attackers.first, attackers.count == 1 else {
                uninvited.append("event \(event.uuid) about \(attackers.map(\.name))")
                continue
            }
            if !known.insert(attacker).inserted { doubled.append("a second event about \(attacker.name)") }
            // What an analyst deleted is in MISP, too, and must not come back.
            let requests = event.attributes.filter { $0.type == "uri" && $0.object == nil }.map(\.value)
            for path in requests { paths[path, default: []].append(attacker) }
            doubled += Self.doubles(
                event.attributes.map { "\($0.object ?? "") \($0.relation ?? "") \($0.type) \($0.value)" })
            doubled += Self.doubles(
                event.objects.filter { !$0.deleted }.map { object in
                    let parts = event.attributes.filter { $0.object == object.uuid }
                    return ([object.name] + parts.map { "\($0.relation ?? "")=\($0.value)" }.sorted())
                        .joined(separator: " ")
                })
            doubled += Self.doubles(event.reports.values.map(\.name))
            doubled += living.filter { $0.sightings.count > sightings }.map {
                "\($0.sightings.count) sightings of \($0.value)"
            }
            let count = event.countOfAlerts
            if count != requests.count {
                miscounted.append(
                    "\(attacker.name): \(requests.count) alerts, and \(count.map(String.init) ?? "none") by its report")
            }
        }
        return paths
    }

    private static func doubles(_ names: [String]) -> [String] {
        Dictionary(grouping: names) { $0 }.filter { $1.count > 1 }.map { "\($1.count) times \($0)" }
    }
}

extension MISPStandIn.Event {
    /// How many alerts the public report tells of.
    var countOfAlerts: Int? {
        let report = reports.values.first { $0.name.hasSuffix("what Warnbell saw") }
        return (report?.content.firstMatch(of: /(\d+) alerts? (?:between|at)/)?.output.1).flatMap { Int($0) }
    }
}

extension [(String, [String])] {
    /// The first of each kind, a line each; a failure of all would fill the screen.
    fileprivate var lines: String {
        flatMap { kind, all in all.sorted().prefix(20).map { "\n  \(kind): \($0)" } }.joined()
    }
}
