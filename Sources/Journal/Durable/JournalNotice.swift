extension DurableJournal {
    /// What the operator should know of.
    package enum Notice: Sendable, Equatable {
        /// The file was damaged; it lies here now, and a new one was begun.
        case movedAside(String)
        /// The file turned out to be damaged: the process had better end. The next one moves it aside.
        case damaged(String)
        /// A write or read failed; what can't be lost is tried again until it works.
        case failed(String)
        /// Something that was kept can't be read any more, and stays where it is.
        case unreadable(String)
        /// A sink that is not configured any more lacks alerts of so many sources.
        case left(sink: String, sources: Int, alerts: Int)
    }
}

extension DurableJournal.Notice: CustomStringConvertible {
    /// The notice as a person reads it behind the word "journal".
    package var description: String {
        switch self {
        case .movedAside(let file): "it was damaged; it lies at \(file) now, and a new one was begun"
        case .damaged(let file): "\(file) is damaged; the next start of the server moves it aside"
        case .failed(let reason): "it could not be written or read: \(reason)"
        case .unreadable(let what): "part of it can't be read, and stays there: \(what)"
        case .left(let sink, let sources, let alerts):
            """
            \(alerts) alerts of \(sources) sources wait for the sink \(sink), which is not configured any more; they go \
            when retention.ledger is over
            """
        }
    }
}
