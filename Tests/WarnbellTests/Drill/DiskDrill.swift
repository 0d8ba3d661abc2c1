import Foundation
import Glibc
import TestKit
import Testing

/// The disk is full, or can't be written to.
@Suite(.timeLimit(.minutes(10)), .enabled(if: DrillSettings.isLong, DrillSettings.whySkipped))
struct DiskDrill {
    private let seed = DrillSettings.seed

    @Test(
        "On a full disk clients are refused with a reason, and nothing that was taken is lost",
        .enabled(if: SmallDisk.isPermitted, "only root may mount a small disk"))
    func full() throws {
        let misp = try DrillSettings.misp()
        defer { misp.stop() }
        let installation = try Installation(DrillSettings.configuration(misp))
        let disk = try SmallDisk(for: installation, megabytes: 64)
        try withExtendedLifetime(disk) {
            let receiver = try RunningReceiver(installation)
            try refusedAndBack(misp, receiver, shortage: disk.fill, relief: disk.empty)
        }
    }

    @Test("A file that may not grow is refused to clients likewise")
    func fileSize() throws {
        let misp = try DrillSettings.misp()
        defer { misp.stop() }
        let receiver = try RunningReceiver(Installation(DrillSettings.configuration(misp)), launcher: Self.ignoringXFSZ)
        try refusedAndBack(
            misp, receiver, shortage: { prlimit(receiver, "100000:") }, relief: { prlimit(receiver, "unlimited:") })
    }

    /// The signal for such a file would end the process otherwise.
    private static let ignoringXFSZ = ["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"]

    private func prlimit(_ receiver: RunningReceiver, _ limit: String) {
        let tool = try? ChildProcess(["prlimit", "--pid", "\(receiver.id)", "--fsize=\(limit)"])
        #expect(tool?.wait() == 0)
    }

    private func refusedAndBack(
        _ misp: MISPStandIn, _ receiver: RunningReceiver, shortage: () -> Void, relief: () -> Void
    ) throws {
        let client = DrillClient(book: DrillBook(seed: seed), port: receiver.port, connections: 2)
        client.allow(100)
        try receiver.wait(for: "the first event") { !misp.state.events.isEmpty }
        shortage()
        client.allow(500)
        try receiver.wait(for: "a refusal") { client.book.refusals > 0 }
        #expect(try receiver.request("GET", "/livez").status == 200)
        let reason = receiver.log.first { $0.contains("the journal could not be written") }
        print("seed \(seed): \(reason ?? "no reason in the log")")
        #expect(reason != nil)
        relief()
        try DrillEnd(receiver.installation, misp, client, running: receiver).expectClean("seed \(seed), no space")
    }

    @Test(
        "A data directory that can't be written to is a reason not to start, and is named",
        .enabled(if: geteuid() != 0 || SmallDisk.isPermitted, "root writes wherever it likes"))
    func readOnly() throws {
        let misp = try DrillSettings.misp()
        defer { misp.stop() }
        let installation = try Installation(DrillSettings.configuration(misp))
        let disk = geteuid() == 0 ? try SmallDisk(for: installation, megabytes: 64) : nil
        try withExtendedLifetime(disk) {
            try RunningReceiver(installation).stop()
            if let disk { try disk.makeReadOnly() } else { chmod(installation.data, 0o500) }
            let status = try RunningReceiver.start(installation).wait()
            chmod(installation.data, 0o700)
            print("exit status \(status): \(installation.log.last ?? "nothing in the log")")
            #expect(status == 1 || status == 2)
            #expect(installation.log.last?.contains(installation.data) == true)
        }
    }
}
