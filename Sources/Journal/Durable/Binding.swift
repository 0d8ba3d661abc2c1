import FoundationEssentials
import GRDB
import GRDBSQLite

/// A value that stands in the place of a `?` while a statement runs.
enum Binding {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
    case data(Data)
    /// A blob of sixteen bytes, the most significant first.
    case sixteen(UInt128)

    static func integer(_ value: Int) -> Binding { .integer(Int64(value)) }

    static func integer(_ value: Int64?) -> Binding { value.map { .integer($0) } ?? .null }

    static func text(_ value: String?) -> Binding { value.map { .text($0) } ?? .null }
}

extension Database {
    /// Runs a statement to its end, and keeps it for the next time, but nothing of the values: GRDB's own arguments would
    /// stay with it, an alert's bytes too.
    ///
    /// - Returns: the first column of the first row, as a number; nil where there is no row, or nothing in it.
    @discardableResult
    func run(_ sql: String, _ values: Binding...) throws -> Int64? {
        let statement = unsafe try cachedStatement(sql: sql).sqliteStatement
        unsafe sqlite3_reset(statement)  // Where GRDB ran it last, it stands at its end.
        var first: Int64?
        // Where it failed, or there were rows, it would hold on to the values and to a lock.
        defer {
            unsafe sqlite3_reset(statement)
            unsafe sqlite3_clear_bindings(statement)
        }
        let code = unsafe Self.withBound(values[...], to: statement) {
            var code = unsafe sqlite3_step(statement)
            if code == SQLITE_ROW, unsafe sqlite3_column_type(statement, 0) != SQLITE_NULL {
                first = unsafe sqlite3_column_int64(statement, 0)
            }
            while code == SQLITE_ROW { code = unsafe sqlite3_step(statement) }
            return code
        }
        guard code == SQLITE_DONE else {
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: lastErrorMessage, sql: sql)
        }
        return first
    }

    /// Calls `body` while the statement has the values, which SQLite reads where they lie; what that or SQLite returned.
    private static func withBound(
        _ values: ArraySlice<Binding>, to statement: OpaquePointer, _ body: () -> CInt
    ) -> CInt {
        guard let value = values.first else { return body() }
        let index = CInt(values.startIndex + 1)
        func goOn(_ code: CInt) -> CInt {
            code == SQLITE_OK ? unsafe withBound(values.dropFirst(), to: statement, body) : code
        }
        func bind(_ bytes: UnsafeRawBufferPointer) -> CInt {
            // What has no place would be no blob but NULL.
            guard let start = bytes.baseAddress else { return goOn(unsafe sqlite3_bind_zeroblob(statement, index, 0)) }
            return goOn(unsafe sqlite3_bind_blob64(statement, index, start, sqlite3_uint64(bytes.count), nil))
        }
        switch value {
        case .null: return goOn(unsafe sqlite3_bind_null(statement, index))
        case .integer(let integer): return goOn(unsafe sqlite3_bind_int64(statement, index, integer))
        case .text(var text):
            return text.withUTF8 { utf8 in
                unsafe utf8.withMemoryRebound(to: CChar.self) { text in
                    // An empty text may have no place, and would be NULL.
                    guard let start = text.baseAddress else {
                        return goOn(unsafe sqlite3_bind_text(statement, index, "", 0, nil))
                    }
                    return goOn(unsafe sqlite3_bind_text(statement, index, start, CInt(text.count), nil))
                }
            }
        case .bytes(let bytes): return unsafe bytes.withUnsafeBytes { unsafe bind($0) }
        case .data(let data): return unsafe data.withUnsafeBytes { unsafe bind($0) }
        case .sixteen(let number): return unsafe withUnsafeBytes(of: number.bigEndian) { unsafe bind($0) }
        }
    }
}
