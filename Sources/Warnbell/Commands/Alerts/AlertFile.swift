import JSON
import Wazuh

/// A file of alerts, or standard input, in pieces that the decoder takes.
///
/// Lines are pieces of their own. A file whose first line is no more than the beginning of a JSON value is one piece: an
/// array or an alert over many lines.
enum AlertFile {
    /// Bytes of a piece.
    static let pieceLimit = 256 << 20

    /// A file is a person's own: what it holds is bounded by ``pieceLimit`` alone.
    static let limits = AlertLimits(json: JSONLimits(nodes: 1 << 26), alerts: .max)

    /// Runs `body` with each piece of `path`; `-` is standard input.
    static func forEachPiece(of path: String, _ body: (Piece) async throws -> Void) async throws {
        let lines = try LineReader(path, limit: pieceLimit)
        var number = 0
        var isFirst = true
        while let line = try lines.next() {
            number += 1
            guard JSONTape.skipWhitespace(line.span, from: 0) < line.count else { continue }
            if isFirst, isBeginning(line) {
                return try await body(
                    Piece(bytes: line + [UInt8(ascii: "\n")] + lines.rest(), line: number, isLine: false))
            }
            isFirst = false
            try await body(Piece(bytes: line, line: number))
        }
    }

    /// Whether nothing is wrong with the line but that more must follow.
    private static func isBeginning(_ line: [UInt8]) -> Bool {
        var tape = JSONTape(limits: limits.json)
        do throws(JSONError) {
            try tape.read(line.span)
            return false
        } catch {
            return error.found == nil && error.offset == line.count
        }
    }
}

extension AlertFile {
    struct Piece {
        let bytes: [UInt8]

        /// The number of its first line, from 1.
        var line = 1
        var isLine = true

        /// Why the whole piece was not understood, and in which line.
        func fault(_ error: DecodeError) -> String {
            guard case .malformed(let error) = error else { return "line \(line): \(error)" }
            return "line \(number(at: error.offset)): \(DecodeError.malformed(error))"
        }

        /// Why an entry was not understood, and where.
        func fault(_ entry: DecodedBody.Rejection) -> String {
            switch entry.reason {
            case .malformed(let error): "line \(number(at: error.offset)): \(entry.reason)"
            case .notAnAlert where isLine: "line \(line), entry \(entry.index + 1): \(entry.reason)"
            case .notAnAlert: "entry \(entry.index + 1): \(entry.reason)"
            }
        }

        private func number(at offset: Int) -> Int {
            line + bytes.prefix(offset).count { $0 == UInt8(ascii: "\n") }
        }
    }
}
