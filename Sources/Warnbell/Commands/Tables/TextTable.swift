/// Rows in aligned columns.
struct TextTable {
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

    /// The table's lines, whole, or as wide as a terminal is. Numbers stand to the right.
    func lines(within width: Int? = nil) -> [String] {
        let widths = headings.indices.map { column in ([headings] + rows).map { $0[column].count }.max() ?? 0 }
        let areNumbers = headings.indices.map { column in
            rows.contains { Int($0[column]) != nil } && rows.allSatisfy { Int($0[column]) != nil || $0[column] == "-" }
        }
        return ([headings] + rows).map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let gap = String(repeating: " ", count: widths[column] - cell.count)
                let isLast = column == row.count - 1
                line += areNumbers[column] ? gap + cell : isLast ? cell : cell + gap
                if !isLast { line += "  " }
            }
            return Self.fitted(line, to: width)
        }
    }

    /// The line, cut where it is too long for a terminal; nil is none.
    static func fitted(_ line: String, to width: Int?) -> String {
        guard let width, line.count > width else { return line }
        return String(line.prefix(max(0, width - 1))) + "…"
    }
}
