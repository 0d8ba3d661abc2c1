import ArgumentParser
import Journal

/// `warnbell backup`.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the journal into a new file, beside a running server.",
        discussion: """
            The copy is the journal as it is at one moment, checked and on the disk when the command ends. To put it \
            back, stop the server, move journal.sqlite and what begins with that name out of the data directory, and \
            copy the file there as journal.sqlite.
            """)

    @OptionGroup var options: ConfigurationOptions

    @Argument(help: "The file, which must not exist.")
    var file: String

    func run() throws {
        let bytes = try options.journalReader().backUp(to: file)
        print("\(file): \(Size.text(bytes)), checked and in order.")
    }
}

/// Bytes as people say them.
enum Size {
    /// `512 B`, `1.4 MiB`.
    static func text(_ bytes: Int) -> String {
        let units = ["KiB", "MiB", "GiB", "TiB"]
        guard bytes >= 1024 else { return "\(bytes) B" }
        var tenths = bytes * 10 / 1024
        var unit = 0
        while tenths >= 10_240, unit < units.count - 1 {
            tenths /= 1024
            unit += 1
        }
        return "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
