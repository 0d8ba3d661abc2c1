import ArgumentParser

/// How much of a list a command prints.
struct LineLimit: ParsableArguments {
    @Option(help: ArgumentHelp("Lines of the table at most; 0 for all of them.", valueName: "lines"))
    var limit = 40

    /// The number of lines there may be.
    var most: Int { limit == 0 ? .max : limit }

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit: expected a number of lines, or 0 for all of them.") }
    }
}
