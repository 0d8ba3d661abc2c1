import Foundation
import Glibc
import TestKit
import Testing

/// The receiver is killed again and again at any moment, before a MISP that is ill, and nothing is lost or doubled.
@Suite(.timeLimit(.minutes(60)))
struct KillDrill {
    private let seed = DrillSettings.seed

    @Test("Whenever it is killed, each alert that was taken comes out once")
    func kills() throws {
        let misp = try DrillSettings.misp()
        defer { misp.stop() }
        let installation = try Installation(DrillSettings.configuration(misp))
        // The first start finds the port that all others take.
        try RunningReceiver(installation).stop()
        misp.change { $0.chaos = .init(seed: seed, percent: 35, timeout: DrillSettings.timeout) }

        var random = Seeded(seed)
        let client = DrillClient(book: DrillBook(seed: seed), port: installation.port)
        for _ in 0..<DrillSettings.rounds {
            client.allow(.random(in: 20...100, using: &random))
            if random.chance(percent: 20) {
                let starting = try RunningReceiver.start(installation)
                poll(nil, 0, .random(in: 0...300, using: &random))
                starting.signal(SIGKILL)
                starting.wait()
            } else {
                let receiver = try RunningReceiver(installation)
                poll(nil, 0, .random(in: 0...1000, using: &random))
                receiver.kill()
            }
        }
        try DrillEnd(installation, misp, client).expectClean("seed \(seed), \(DrillSettings.rounds) kills")
    }

    @Test(
        "Before a MISP that is ill, each alert that was taken comes out once",
        .enabled(if: DrillSettings.isLong, DrillSettings.whySkipped))
    func illness() throws {
        let misp = try DrillSettings.misp()
        defer { misp.stop() }
        misp.change { $0.chaos = .init(seed: seed, percent: 35, timeout: DrillSettings.timeout) }
        let installation = try Installation(DrillSettings.configuration(misp))
        let receiver = try RunningReceiver(installation)
        let client = DrillClient(book: DrillBook(seed: seed), port: installation.port)
        for _ in 0..<DrillSettings.rounds {
            client.allow(60)
            poll(nil, 0, 500)
        }
        try DrillEnd(installation, misp, client, running: receiver).expectClean("seed \(seed), no kills")
    }
}
