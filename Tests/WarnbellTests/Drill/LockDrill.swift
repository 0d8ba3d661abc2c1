import Foundation
import Glibc
import TestKit
import Testing

/// Another process holds the database.
@Suite(.timeLimit(.minutes(10)), .enabled(if: DrillSettings.isLong, DrillSettings.whySkipped))
struct LockDrill {
    private let seed = DrillSettings.seed

    /// Holds the lock for so many seconds, and says when it has it.
    private static let program = """
        import sqlite3, sys, time
        database = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
        database.execute('BEGIN EXCLUSIVE')
        print('locked', flush=True)
        time.sleep(float(sys.argv[2]))
        database.execute('ROLLBACK')
        """

    @Test(
        "While somebody else holds the database clients wait or are refused, and nothing is lost", arguments: [0.5, 10])
    func locked(seconds: Double) throws {
        let misp = try DrillSettings.misp()
        defer { misp.stop() }
        let installation = try Installation(DrillSettings.configuration(misp))
        let receiver = try RunningReceiver(installation)
        let client = DrillClient(book: DrillBook(seed: seed), port: receiver.port, connections: 4)
        client.allow(100)
        try receiver.wait(for: "the first event") { !misp.state.events.isEmpty }
        for file in try databases(in: installation.data) {
            let holder = try ChildProcess([Self.python, "-c", Self.program, file, "\(seconds)"])
            let word = holder.readLine()
            client.allow(100)
            print("\(file): \(word ?? "could not be locked")")
            #expect(try receiver.request("GET", "/livez").status == 200)
            holder.wait()
        }
        print(
            "\(client.book.refusals) refusals; \(receiver.log.first { $0.contains("the journal") } ?? "no failure")")
        try DrillEnd(installation, misp, client, running: receiver).expectClean("seed \(seed), locked \(seconds) s")
    }

    private static var python: String { ProcessInfo.processInfo.environment["WARNBELL_PYTHON"] ?? "python3" }

    /// The files that begin as SQLite's do.
    private func databases(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { "\(folder)/\($0)" }.filter { path in
            // A directory, or a file that went meanwhile, is no data base.
            guard let handle = FileHandle(forReadingAtPath: path) else { return false }
            return (try? handle.read(upToCount: 15)) == Data("SQLite format 3".utf8)
        }
    }
}
