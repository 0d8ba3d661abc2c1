/// Something that was found of a server, and what to do about it.
package struct MISPFinding: Sendable, Equatable {
    /// How bad it is: all is well, good to know, something will be missing, nothing will work.
    package enum Verdict: Sendable { case fine, note, warning, failed }

    package let verdict: Verdict
    package let text: String

    /// What a person can do; nil where nothing need be done.
    package let fix: String?

    init(_ verdict: Verdict, _ text: String, fix: String? = nil) {
        self.verdict = verdict
        self.text = text
        self.fix = fix
    }
}
