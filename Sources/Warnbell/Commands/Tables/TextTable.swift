/// Rows in aligned columns, for a terminal of 100 columns.
struct TextTable {
    /// The width that every line is cut to.
    static let width = 100

    private let headings: [String]
    private var rows: [[String]] = []

    init(_ headings: String...) {
        self.headings = headings
    }

    var isEmpty: Bool { rows.isEmpty }

    /// Adds a row with a cell for each heading.
    mutating func add(_ cells: String...) {
        precondition(cells.count == headings.count, "a row has a cell for each heading")
        rows.append(cells.map(LineText.escaped))
    }

    /// The table's lines. Numbers stand to the right.
    var lines: [String] {
        let widths = headings.indices.map { column in ([headings] + rows).map { $0[column].count }.max() ?? 0 }
        let areNumbers = headings.indices.map { column in rows.allSatisfy { Int($0[column]) != nil } }
        return ([headings] + rows).map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let gap = String(repeating: " ", count: widths[column] - cell.count)
                let isLast = column == row.count - 1
                line += areNumbers[column] ? gap + cell : isLast ? cell : cell + gap
                if !isLast { line += "  " }
            }
            return Self.fitted(line)
        }
    }

    /// The line, cut where it is too long.
    static func fitted(_ line: String) -> String {
        line.count > width ? String(line.prefix(width - 1)) + "…" : line
    }
}
