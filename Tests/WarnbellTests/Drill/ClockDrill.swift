import Foundation
import Glibc
import TestKit
import Testing

/// The library that shows a process another time; nil where it isn't installed.
private let libfaketime: String? = {
    let folders = try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib").map { "/usr/lib/\($0)" }
    let paths = ((folders ?? []) + ["/usr/lib"]).map { "\($0)/faketime/libfaketimeMT.so.1" }
    return paths.first { FileManager.default.fileExists(atPath: $0) }
}()

/// The clock is set back by an hour.
@Suite(
    .timeLimit(.minutes(10)),
    .enabled(if: libfaketime != nil, "libfaketime is not installed"))
struct ClockDrill {
    private let seed = DrillSettings.seed

    @Test("A clock that is set back by an hour, while it runs and before it starts again, loses and doubles nothing")
    func setBack() throws {
        let misp = try DrillSettings.misp()
        defer { misp.stop() }
        let installation = try Installation(DrillSettings.configuration(misp))
        let clock = try installation.folder.write("+3600\n", to: "clock")
        let environment = [
            "LD_PRELOAD": try #require(libfaketime), "FAKETIME_TIMESTAMP_FILE": clock, "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        ]
        // The library changes the environment of the first program that it sees, behind which Swift looks for the
        // arguments: a program in between spares the receiver that.
        let launcher = ["env"]
        let first = try RunningReceiver(installation, launcher: launcher, environment: environment)
        let client = DrillClient(book: DrillBook(seed: seed), port: installation.port, connections: 4)
        client.allow(100)
        try first.wait(for: "the first event") { !misp.state.events.isEmpty }
        _ = try installation.folder.write("+0\n", to: "clock")
        client.allow(100)
        poll(nil, 0, 500)
        client.allow(100)
        first.kill()
        _ = try installation.folder.write("-3600\n", to: "clock")
        let second = try RunningReceiver(installation, launcher: launcher, environment: environment)
        client.allow(100)
        try DrillEnd(installation, misp, client, running: second).expectClean("seed \(seed), two hours back")
        let hours = Set(installation.log.compactMap { $0.firstMatch(of: /T(\d\d):/)?.output.1 })
        #expect(hours.count >= 3, "it saw another time: \(hours)")
    }
}
