/// The automation key of a MISP user. It shows itself to nobody: not in a description, not in a dump, not in a log.
package struct MISPKey: Sendable, Equatable {
    private let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// The value of the `Authorization` field: the key alone, without a scheme.
    var authorization: String { text }

    /// A text of the server's without the key, should it have been sent back.
    func removed(from text: String) -> String {
        self.text.isEmpty ? text : text.replacing(self.text, with: "<key>")
    }
}

extension MISPKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<key>" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
