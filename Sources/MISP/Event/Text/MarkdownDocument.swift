import Pipeline

/// A report in Markdown that never grows beyond its limit: lines that find no room are counted instead.
struct MarkdownDocument {
    private var lines: [String] = []
    private var bytes = 0
    private var omitted = 0
    private let limit: Int

    /// Bytes kept free for the last line, which says how much was left out.
    private static let reserve = 64

    init(limit: Int) {
        self.limit = limit
    }

    mutating func heading(_ text: MarkdownText) {
        separate()
        append("# \(text.markdown)")
    }

    mutating func section(_ text: MarkdownText) {
        separate()
        append("## \(text.markdown)")
    }

    mutating func paragraph(_ text: MarkdownText) {
        separate()
        append(text.markdown)
    }

    mutating func list(_ points: [MarkdownText]) {
        separate()
        for point in points { append("- \(point.markdown)") }
    }

    /// A table (GitHub's extension, which MISP's renderer understands) and, below it, what it leaves out.
    mutating func table(_ columns: [MarkdownText], _ rows: [[MarkdownText]], leftOut: Int = 0) {
        separate()
        append(Self.row(columns))
        append(Self.row(columns.map { _ in "---" }))
        for row in rows { append(Self.row(row)) }
        if leftOut > 0 { paragraph("\(leftOut) more not shown.") }
    }

    /// The whole text.
    var text: String {
        let end = omitted > 0 ? ["", "\(omitted) more lines found no room."] : []
        return (lines + end).joined(separator: "\n") + "\n"
    }

    private static func row(_ cells: [MarkdownText]) -> String {
        "| " + cells.map(\.markdown).joined(separator: " | ") + " |"
    }

    private mutating func separate() {
        if !lines.isEmpty { append("") }
    }

    /// Once a line was left out all later ones are: half a table would say something else.
    private mutating func append(_ line: String) {
        guard omitted == 0, bytes + line.utf8.count + 1 <= limit - Self.reserve else {
            if !line.isEmpty { omitted += 1 }
            return
        }
        lines.append(line)
        bytes += line.utf8.count + 1
    }
}

extension MarkdownDocument {
    /// Counted values, the noisiest first, with how often and when they were seen as the last columns.
    mutating func table<Value>(
        _ columns: [MarkdownText], _ tallies: Tallies<Value>, rows: Int, cells: (Value) -> [MarkdownText]
    ) {
        let sorted = tallies.noisiest
        table(
            columns,
            sorted.prefix(rows).map { value, tally in
                cells(value) + ["\(tally.count)", "\(tally.first)", "\(tally.last)"]
            }, leftOut: max(0, sorted.count - rows) + tallies.overflow)
    }
}
