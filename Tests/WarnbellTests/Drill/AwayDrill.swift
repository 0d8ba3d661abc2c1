import Dispatch
import Foundation
import Glibc
import Isolation
import TestKit
import Testing

/// MISP is away while very many alerts come.
@Suite(.timeLimit(.minutes(30)), .enabled(if: DrillSettings.isLong, DrillSettings.whySkipped))
struct AwayDrill {
    private static let attackers = 2000
    private static let alertsEach = 50
    private static let pathsEach = 5

    /// Far above what it needs, far below what a hundred thousand histories would take.
    private static let mostKilobytes = 600_000

    @Test("Alerts of two thousand attackers wait for MISP in bounded memory, and all come out, an event each")
    func away() throws {
        let port = try Self.freePort()
        let installation = try Installation([
            "misp.url: http://127.0.0.1:\(port)", "misp.key: \(MISPStandIn.key)", "misp.connections: 4",
            "journal.max_alerts: 200000", "listen.reply_delay: 60s", "stop.grace: 60s",
            "misp.update_interval: 0s", "misp.repeat_interval: 0s",
        ])
        let receiver = try RunningReceiver(installation)
        let clock = ContinuousClock()
        var taken = 0
        let taking = clock.measure { taken = post(to: receiver) }
        #expect(taken == Self.attackers * Self.alertsEach)

        let misp = try MISPStandIn(port: port)
        defer { misp.stop() }
        let delivering = clock.measure { waitUntilWhole(misp, within: .seconds(1200)) }
        let peak = try Self.peakKilobytes(of: receiver.id)
        #expect(receiver.stop() == 0)
        expectWhole(misp.state)
        #expect(peak < Self.mostKilobytes)
        let requests = misp.state.requests.count
        print(
            """
            \(Self.attackers * Self.alertsEach) alerts taken in \(taking), delivered in \(delivering) after MISP was back, \
            \(Double(requests) / Double(Self.attackers)) requests an event, \(peak / 1024) MiB at the peak
            """)
    }

    /// A port that nobody listens at.
    private static func freePort() throws -> UInt16 {
        let (descriptor, port) = try Socket.listen()
        close(descriptor)
        return port
    }

    /// How many were accepted.
    private func post(to receiver: RunningReceiver) -> Int {
        let accepted = Locked(0)
        let timestamp = DrillBook.timestamp()
        let port = receiver.port
        DispatchQueue.concurrentPerform(iterations: 4) { part in
            // A connection that fails shows in the count.
            guard let client = try? RawClient(port: port) else { return }
            for number in stride(from: part, to: Self.attackers * Self.alertsEach / 100, by: 4) {
                let body = (0..<100).map { alert(number * 100 + $0, timestamp) }.joined(separator: "\n")
                let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                guard (try? client.send(head + body)) != nil, let answer = try? client.answer() else { return }
                if answer.status == 202 { accepted.withLock { $0 += 100 } }
            }
        }
        return accepted.withLock { $0 }
    }

    private func alert(_ number: Int, _ timestamp: String) -> String {
        let attacker = DrillAttacker.quiet(number % Self.attackers)
        let path = number / Self.attackers % Self.pathsEach
        return DrillAlert(number: number, attacker: attacker, address: attacker.address(0), fate: .shared)
            .json(timestamp: timestamp, path: "/away/\(path)")
    }

    private func waitUntilWhole(_ misp: MISPStandIn, within limit: Duration) {
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            let events = misp.state.events.values
            if events.count == Self.attackers, events.allSatisfy({ $0.countOfAlerts == Self.alertsEach }) { return }
            poll(nil, 0, 1000)
        }
    }

    private func expectWhole(_ state: MISPStandIn.State) {
        #expect(state.events.count == Self.attackers)
        #expect(state.events.values.filter { $0.countOfAlerts != Self.alertsEach }.count == 0)
        let paths = state.events.values.map { $0.attributes.filter { $0.type == "uri" && $0.object == nil }.count }
        #expect(paths.filter { $0 != Self.pathsEach }.count == 0)
        let addresses = state.events.values.flatMap { $0.attributes.filter { $0.type == "ip-src" }.map(\.value) }
        #expect(Set(addresses).count == Self.attackers)
        #expect(addresses.count == Self.attackers)
    }

    /// `VmHWM`: the most memory that the process ever had.
    private static func peakKilobytes(of process: pid_t) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let peak = status.firstMatch(of: /VmHWM:\s+(\d+) kB/)?.output.1
        return try #require(peak.flatMap { Int($0) })
    }
}
