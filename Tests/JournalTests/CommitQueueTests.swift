import Dispatch
import GRDB
import Isolation
import TestKit
import Testing

@testable import Journal

/// What becomes of work when a transaction fails, on a real file that really fails.
@Suite(.timeLimit(.minutes(1)))
struct CommitQueueTests {
    private let folder: TemporaryFolder
    private let database: DatabaseQueue
    private let commits: CommitQueue
    private let log = Log()

    /// What the queue told.
    private final class Log: Sendable {
        let failures = Locked<[ResultCode]>([])
        let ended = Locked<[Int64: ResultCode?]>([:])
    }

    init() throws {
        folder = try TemporaryFolder()
        database = try DatabaseQueue(path: folder.file("file.sqlite"))
        try database.writeWithoutTransaction { database in
            try database.execute(
                sql: """
                    PRAGMA journal_mode = WAL;
                    CREATE TABLE pieces (id INTEGER PRIMARY KEY, value BLOB);
                    CREATE TRIGGER mistakes BEFORE INSERT ON pieces WHEN new.id < 0
                    BEGIN SELECT RAISE(ABORT, 'a mistake'); END
                    """)
        }
        commits = CommitQueue(database) { [log] error in
            log.failures.withLock { $0.append((error as? DatabaseError)?.resultCode ?? .SQLITE_OK) }
        }
    }

    /// Writes a row; one with a negative number is a mistake.
    private func add(_ id: Int64, isLasting: Bool, bytes: Int = 1) {
        commits.add(
            CommitQueue.Work(
                write: { database in
                    try database.run(
                        "INSERT INTO pieces (id, value) VALUES (?, ?)", .integer(id),
                        .bytes([UInt8](repeating: 1, count: bytes)))
                },
                done: { [log] result in
                    let code: ResultCode? =
                        switch result {
                        case .success: nil
                        case .failure(let error): (error as? DatabaseError)?.resultCode ?? .SQLITE_OK
                        }
                    log.ended.withLock { $0[id] = .some(code) }
                }, isLasting: isLasting))
    }

    /// Has all that `body` adds go into one transaction.
    private func together(_ body: () -> Void) {
        let gate = DispatchSemaphore(value: 0)
        commits.add(
            CommitQueue.Work(
                write: { _ in
                    gate.wait()
                    gate.signal()  // It may be tried again.
                }, done: { _ in }, isLasting: true))
        body()
        gate.signal()
    }

    private func rows() throws -> [Int64] {
        try database.read { try Int64.fetchAll($0, sql: "SELECT id FROM pieces ORDER BY id") }
    }

    private func outcome(of id: Int64) async throws -> ResultCode? {
        try await eventually("an end of \(id)") { log.ended.withLock { $0[id] != nil } }
        return log.ended.withLock { $0[id] ?? nil }
    }

    @Test func `a mistake keeps none from the file that must get there`() async throws {
        together {
            add(1, isLasting: true)
            add(-2, isLasting: true)
            add(3, isLasting: true)
            add(-4, isLasting: false)
            add(5, isLasting: false)
        }
        #expect(try await outcome(of: -4) == .SQLITE_CONSTRAINT)
        #expect(try await outcome(of: 5) == .SQLITE_CONSTRAINT, "it is given back with the transaction")
        #expect(try await outcome(of: 1) == nil)
        #expect(try await outcome(of: 3) == nil)
        add(6, isLasting: false)
        #expect(try await outcome(of: 6) == nil, "what comes later is written, too")
        #expect(try rows() == [1, 3, 6])
        #expect(log.ended.withLock { $0[-2] == nil }, "whoever waits for a mistake goes no further")
        #expect(log.failures.withLock { $0 } == [.SQLITE_CONSTRAINT, .SQLITE_CONSTRAINT], "once together, once alone")
        #expect(!commits.isFailing)
    }

    enum Hindrance: CaseIterable { case fullDisk, lock }

    @Test(
        "what is hindered for a while is tried again where it must be, and else given back",
        arguments: Hindrance.allCases)
    func passing(_ hindrance: Hindrance) async throws {
        var configuration = GRDB.Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: folder.file("file.sqlite"), configuration: configuration)
        let expected: ResultCode
        switch hindrance {
        case .fullDisk:
            expected = .SQLITE_FULL
            try await database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 4") }
        case .lock:
            expected = .SQLITE_BUSY
            try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        }
        together {
            add(1, isLasting: true, bytes: 100_000)
            add(2, isLasting: false)
        }
        #expect(try await outcome(of: 2) == expected)
        #expect(commits.isFailing)
        await commits.answer()
        #expect(log.ended.withLock { $0[1] == nil })
        switch hindrance {
        case .fullDisk:
            try await database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
        case .lock: try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        }
        #expect(try await outcome(of: 1) == nil)
        #expect(!commits.isFailing)
        #expect(try rows() == [1])
    }
}
