import ArgumentParser

/// How a list of what waits for a person is shown.
struct DeskList: ParsableArguments {
    @OptionGroup var lines: LineLimit

    @Flag(help: "Print JSON: an array of objects.")
    var json = false

    /// - Parameters:
    ///   - table: the entries for a person.
    ///   - entries: the same for a program.
    ///   - count: how many there are in all.
    ///   - none: what a person is told where there is none.
    func show(_ table: TextTable, for entries: [some Encodable], of count: Int, whereNone none: String) throws {
        if json { return print(try DeskJSON.text(entries)) }
        guard count > 0 else { return print(none) }
        print(table.lines(within: StandardOutput.width).joined(separator: "\n"))
        if count > entries.count { print("\(count - entries.count) more; --limit 0 shows them.") }
    }
}
