import Glibc
import TestKit
import Testing

/// The clock is set back by an hour.
@Suite(
    .timeLimit(.minutes(10)), .enabled(if: DrillSettings.isLong, DrillSettings.whySkipped),
    .enabled(if: (try? ChildProcess(["cc", "--version"]).wait()) == 0, "there is no C compiler to make a clock with"))
struct ClockDrill {
    private let seed = DrillSettings.seed

    @Test("A clock that is set back by an hour, while it runs and before it starts again, loses and doubles nothing")
    func setBack() throws {
        let misp = try DrillSettings.misp()
        defer { misp.stop() }
        let installation = try Installation(DrillSettings.configuration(misp))
        let clock = try #require(try ShiftedClock(in: installation.folder))
        // Alerts from the future would be held for a person: the receiver begins with its clock ahead.
        try clock.set(ahead: 7200)
        let first = try RunningReceiver(installation, environment: clock.environment)
        let client = DrillClient(book: DrillBook(seed: seed), port: installation.port, connections: 4)
        client.allow(100)
        try first.wait(for: "the first event") { !misp.state.events.isEmpty }
        try clock.set(ahead: 3600)
        client.allow(100)
        poll(nil, 0, 500)
        client.allow(100)
        first.kill()
        try clock.set(ahead: 0)
        let second = try RunningReceiver(installation, environment: clock.environment)
        client.allow(100)
        let end = try DrillEnd(installation, misp, client, running: second)
        end.expectClean("seed \(seed), two hours back")
        let hours = Set(installation.log.compactMap { $0.firstMatch(of: /T(\d\d):/)?.output.1 })
        #expect(hours.count >= 3, "it saw another time: \(hours)")
    }
}
