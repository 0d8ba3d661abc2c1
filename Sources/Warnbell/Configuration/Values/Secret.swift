/// A key or password. Its text leaves through ``text`` only: no description, dump or log line holds it.
struct Secret: Sendable, Equatable {
    /// Bytes of a file that holds a secret.
    static let fileLimit = 64 << 10

    let text: String

    /// The file it was read from, if it was.
    let file: String?

    init(_ text: String, file: String? = nil) {
        self.text = text
        self.file = file
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What stands for a secret wherever it is shown.
    static let redacted = "***"

    var description: String { Self.redacted }
    var debugDescription: String { Self.redacted }
    var customMirror: Mirror { Mirror(self, children: []) }
}
