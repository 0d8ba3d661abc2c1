import Foundation
import Testing

/// A request and what becomes of it: one row of the tables in `Tests/Fixtures/http`, whose README tells their form.
struct StrictnessRow: CustomTestStringConvertible {
    struct Answer: Equatable {
        let status: Int
        /// Of a success what the server understood, of a refusal its reason; empty where the row doesn't say.
        let text: String
        let isToHead: Bool
    }

    enum End: String {
        case kept, closed, waits
    }

    let name: String
    let bytes: [UInt8]
    let answers: [Answer]
    let end: End

    var testDescription: String { name }

    /// What is sent behind a row's bytes to see whether it is answered.
    static let following = Array("GET /next HTTP/1.1\r\nHost: next\r\n\r\n".utf8)

    static let all: [StrictnessRow] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fixtures/http")
        return ["request-lines", "fields", "bodies"].flatMap { name in
            do {
                return try rows(of: String(contentsOf: folder.appending(path: "\(name).txt"), encoding: .utf8))
            } catch {
                preconditionFailure("\(name).txt: \(error)")
            }
        }
    }()

    struct Malformed: Error {
        let row: String
    }

    private static func rows(of file: String) throws -> [StrictnessRow] {
        var rows: [StrictnessRow] = []
        var section = ""
        var name: String?
        var text = ""
        for line in file.split(separator: "\n", omittingEmptySubsequences: true) {
            if let current = name {
                guard line.hasPrefix("=> ") else {
                    text += line
                    continue
                }
                let row = "\(section): \(current)"
                guard let read = StrictnessRow(row, text, outcome: line.dropFirst(3)) else { throw Malformed(row: row) }
                rows.append(read)
                name = nil
                text = ""
            } else if line.hasPrefix("### ") {
                name = String(line.dropFirst(4))
            } else if line.hasPrefix("## ") {
                section = String(line.dropFirst(3))
            } else if !line.hasPrefix("#") {
                throw Malformed(row: String(line))
            }
        }
        return rows
    }

    private init?(_ name: String, _ text: String, outcome: Substring) {
        guard let bytes = VisibleBytes.read(text) else { return nil }
        self.name = name
        self.bytes = bytes
        let comma = outcome.lastIndex(of: ",") ?? outcome.startIndex
        guard let end = End(rawValue: outcome[comma...].trimmingCharacters(in: [",", " "])) else { return nil }
        self.end = end
        var answers: [Answer] = []
        for part in outcome[..<comma].split(separator: " | ") {
            guard let status = Int(part.prefix(3)) else { return nil }
            let isRefusedHead = part.hasSuffix(" (head)")
            let text = part.dropFirst(4).dropLast(isRefusedHead ? 7 : 0)
            answers.append(
                Answer(status: status, text: String(text), isToHead: isRefusedHead || text.hasPrefix("head ")))
        }
        guard answers.isEmpty == (end == .waits) else { return nil }
        self.answers = answers
    }
}
