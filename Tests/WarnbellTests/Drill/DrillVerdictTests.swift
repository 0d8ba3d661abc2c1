import TestKit
import Testing

/// The drills can only prove what they would see: each kind of damage to MISP's books is found.
@Suite(.timeLimit(.minutes(10)))
struct DrillVerdictTests {
    enum Damage: CaseIterable {
        case alertGone, eventTwice, attributeTwice, sightingTwice, reportCountsMore, heldAlertShared, wrongEvent
    }

    @Test("What is lost, doubled, shared by mistake or counted wrongly is seen")
    func damage() throws {
        let misp = try DrillSettings.misp()
        defer { misp.stop() }
        let installation = try Installation(DrillSettings.configuration(misp))
        let receiver = try RunningReceiver(installation)
        let client = DrillClient(book: DrillBook(seed: 1), port: installation.port)
        client.allow(80)
        let end = try DrillEnd(installation, misp, client, running: receiver)
        #expect(end.verdict.isClean, "\(end.verdict.text)")
        let held = try #require(end.book.entries.first { $0.alert.fate == .held }).alert.path
        for damage in Damage.allCases {
            let verdict = DrillVerdict(end.book, try damaged(misp.state, damage, held: held))
            let (seen, expected) = (
                [verdict.lost.isEmpty, verdict.doubled.isEmpty, verdict.uninvited.isEmpty, verdict.miscounted.isEmpty],
                Self.untouched(by: damage)
            )
            #expect(seen == expected, "\(damage): \(verdict.text)")
        }
    }

    /// Which of the verdict's lists stay empty: lost, doubled, uninvited, miscounted.
    private static func untouched(by damage: Damage) -> [Bool] {
        switch damage {
        case .alertGone: [false, true, true, false]
        case .eventTwice, .sightingTwice: [true, false, true, true]
        case .attributeTwice: [true, false, true, false]
        case .reportCountsMore: [true, true, true, false]
        case .heldAlertShared: [false, true, false, true]
        case .wrongEvent: [true, true, false, false]
        }
    }

    private func damaged(
        _ state: MISPStandIn.State, _ damage: Damage, held: String
    ) throws -> MISPStandIn.State {
        var state = state
        let uuids = state.events.keys.sorted()
        let uuid = try #require(uuids.first)
        var event = try #require(state.events[uuid])
        let path = try #require(event.attributes.firstIndex { $0.type == "uri" && $0.object == nil })
        let address = try #require(event.attributes.firstIndex { $0.type == "ip-src" })
        switch damage {
        case .alertGone: event.attributes.remove(at: path)
        case .eventTwice: state.events["other"] = event
        case .attributeTwice: event.attributes.append(event.attributes[path])
        case .sightingTwice: event.attributes[address].sightings["other"] = .init(date: "1", source: "warnbell")
        case .reportCountsMore:
            for (id, report) in event.reports {
                event.reports[id]?.content = report.content.replacing(
                    /\d+ alerts? (?:between|at)/, with: "99 alerts between")
            }
        case .heldAlertShared: event.attributes[path].value = held
        case .wrongEvent:
            let other = try #require(uuids.last)
            state.events[other]?.attributes.append(event.attributes.remove(at: path))
        }
        state.events[uuid] = event
        return state
    }
}
