/// Why a feed directory can't be used.
package enum FeedError: Error, Equatable, CustomStringConvertible {
    /// A file is there, but it is not what Warnbell would have written. It is left as it is.
    case broken(file: String, reason: String)

    /// The file of the feed's organisation is not what Warnbell would have written. It is left as it is.
    case brokenOrganisation(file: String, reason: String)

    /// The directory holds the feed of somebody else. It is left as it is.
    case foreign(file: String, organisation: String)

    /// The system refused to read or write; `code` is its errno.
    case system(call: String, file: String, code: Int32)

    package var description: String {
        switch self {
        case .broken(let file, let reason):
            "\(file) is not a file that Warnbell wrote: \(reason). Move it away, or choose another feed.directory."
        case .brokenOrganisation(let file, let reason):
            """
            \(file) is not a file that Warnbell wrote: \(reason). The identity of every event hangs on the UUID in it: \
            restore it from a backup; with a new one MISP would get every event a second time.
            """
        case .foreign(let file, let organisation):
            "\(file) lists events of \(organisation): expected an empty directory or our own feed in feed.directory."
        case .system(let call, let file, let code):
            "\(call) \(file): \(SystemError.text(of: code))"
        }
    }
}
