/// Rows of text in columns as wide as their longest cell.
struct TextTable {
    /// A cell, and the side it is pushed to.
    enum Cell {
        case left(String)
        case right(String)
    }

    let lines: [String]

    init(header: [Cell], rows: [[Cell]]) {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].text.count }.max() ?? 0 }
        lines = all.map { row in
            let cells = zip(row, widths).map { cell, width in cell.padded(to: width) }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }
}

extension TextTable.Cell {
    fileprivate var text: String {
        switch self {
        case .left(let text), .right(let text): text
        }
    }

    fileprivate func padded(to width: Int) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return switch self {
        case .left: text + space
        case .right: space + text
        }
    }
}
