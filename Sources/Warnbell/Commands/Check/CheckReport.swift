/// Prints what a check found, a line each, and remembers whether something is wrong.
struct CheckReport {
    enum Verdict: String {
        case fine = "ok"
        case note
        case warning
        case failed
    }

    private(set) var hasFailed = false

    mutating func tell(_ verdict: Verdict, _ subject: String, _ text: String) {
        if verdict == .failed { hasFailed = true }
        let columns = [(verdict.rawValue, 9), (subject, 16)].map { text, width in
            text + String(repeating: " ", count: max(1, width - text.count))
        }
        print(columns.joined() + LineText.escaped(text))
    }

    /// Runs a check and tells what it says, or why it failed.
    mutating func check(_ subject: String, _ body: () async throws -> String) async {
        do {
            tell(.fine, subject, try await body())
        } catch {
            tell(.failed, subject, "\(error)")
        }
    }
}
