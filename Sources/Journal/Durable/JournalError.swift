/// Why a durable journal can't be used. What it says is for the operator.
package enum JournalError: Error, Equatable {
    /// Another process has the directory.
    case inUse(directory: String)
    /// A later version of the program wrote the file, and this one does not know how to read it.
    case newerSchema(file: String)
    /// An earlier version of the program wrote the file, and whoever only looks into it changes nothing.
    case olderSchema(file: String)
    /// There is none in the directory.
    case missing(directory: String)
    /// The file is there and can't be read.
    case unreadable(file: String, reason: String)
    /// The file or its directory can't be opened or written to.
    case unusable(file: String, reason: String)
}

extension JournalError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .inUse(let directory):
            "\(directory) is in use by another warnbell; each needs a data.directory of its own"
        case .newerSchema(let file):
            "\(file) was written by a later version of warnbell; run that version, or choose another data.directory"
        case .olderSchema(let file):
            "\(file) was written by an earlier version of warnbell; start the server of this version once"
        case .missing(let directory):
            "there is no journal in \(directory); expected the data.directory of a server, as --config names it"
        case .unreadable(let file, let reason):
            "cannot read \(file): \(reason); expected to run as the server's user: sudo -u warnbell warnbell …"
        case .unusable(let file, let reason):
            "\(file): \(reason); expected a directory that warnbell may write to, on a disk with room"
        }
    }
}
