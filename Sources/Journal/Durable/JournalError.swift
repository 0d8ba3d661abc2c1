/// Why a durable journal can't be used. What it says is for the operator.
package enum JournalError: Error, Equatable {
    /// Another process has the directory.
    case inUse(directory: String)
    /// A later version of the program wrote the file, and this one does not know how to read it.
    case newerSchema(file: String)
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
        case .unusable(let file, let reason):
            "\(file): \(reason); expected a directory that warnbell may write to, on a disk with room"
        }
    }
}
