import Foundation
import GRDB
import Testing

@testable import Journal

/// Values on their way into SQLite.
struct BindingTests {
    private let database: DatabaseQueue

    init() throws {
        database = try DatabaseQueue()
        try database.write { try $0.execute(sql: "CREATE TABLE pieces (id INTEGER PRIMARY KEY, value)") }
    }

    @Test(
        "each value arrives as what it is",
        arguments: [
            (Binding.null, "null", ""), (.integer(-1 as Int64), "integer", "2D31"), (.text(""), "text", ""),
            (.text("a name too long to lie in place: Ω"), "text", Data("a name too long to lie in place: Ω".utf8).hex),
            (.bytes([]), "blob", ""), (.bytes([0, 255]), "blob", "00FF"), (.data(Data()), "blob", ""),
            (.data(Data([7, 0])), "blob", "0700"), (.sixteen(1), "blob", String(repeating: "0", count: 31) + "1"),
        ])
    func arrival(_ value: Binding, type: String, hex: String) throws {
        let row = try database.write { database in
            try database.run("INSERT INTO pieces (value) VALUES (?)", value)
            return try #require(try Row.fetchOne(database, sql: "SELECT typeof(value), hex(value) FROM pieces"))
        }
        #expect(row[0] == type)
        #expect(row[1] == hex)
    }

    @Test func `a statement keeps nothing of the values it ran with`() throws {
        try database.write { database in
            let sql = "INSERT INTO pieces (value) VALUES (?)"
            try database.run(sql, .bytes([1, 2, 3]))
            try database.cachedStatement(sql: sql).execute(arguments: [nil])
            #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM pieces WHERE value IS NULL") == 1)
            try database.run(sql, .bytes([4]))
            #expect(try database.cachedStatement(sql: sql).arguments == [nil])
        }
    }

    @Test func `the first number of the first row is what comes back`() throws {
        try database.write { database in
            #expect(try database.run("INSERT INTO pieces (value) VALUES (?)", .text("a")) == nil)
            #expect(try database.run("SELECT id FROM pieces WHERE value = ?", .text("b")) == nil)
            #expect(try database.run("SELECT NULL FROM pieces WHERE value = ?", .text("a")) == nil)
            try database.run("INSERT INTO pieces (value) VALUES (?)", .text("a"))
            #expect(try database.run("DELETE FROM pieces WHERE value = ? RETURNING 40 + id", .text("a")) == 41)
            #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM pieces") == 0)
        }
    }

    @Test func `a failure keeps SQLite's code, and the statement goes on to work`() throws {
        let sql = "INSERT INTO pieces (id, value) VALUES (?, ?)"
        _ = try database.write { try $0.run(sql, .integer(1), .bytes([1])) }
        let repeated = #expect(throws: DatabaseError.self) {
            _ = try database.write { try $0.run(sql, .integer(1), .bytes([2])) }
        }
        #expect(repeated?.extendedResultCode == .SQLITE_CONSTRAINT_PRIMARYKEY)
        #expect(repeated?.message?.contains("UNIQUE") == true)
        try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 4") }
        let full = #expect(throws: DatabaseError.self) {
            try database.write { try $0.run(sql, .integer(2), .bytes([UInt8](repeating: 0, count: 1 << 20))) }
        }
        #expect(full?.resultCode == .SQLITE_FULL)
        _ = try database.write { try $0.run(sql, .integer(2), .bytes([2])) }
        #expect(try database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM pieces") } == 2)
    }

    @Test func `one value too many is refused`() throws {
        let error = #expect(throws: DatabaseError.self) {
            _ = try database.write { try $0.run("INSERT INTO pieces (value) VALUES (?)", .null, .null) }
        }
        #expect(error?.resultCode == .SQLITE_RANGE)
    }
}

extension Data {
    fileprivate var hex: String { map { String(format: "%02X", $0) }.joined() }
}
