/// Prints what a check found, a line each, and remembers what that means for the exit status.
struct CheckReport {
    enum Verdict: String {
        case fine = "ok"
        case note
        case warning
        case failed
    }

    /// Fine, failed, or wrong usage where the configuration is to blame.
    private(set) var status = ExitStatus.fine

    mutating func tell(_ verdict: Verdict, _ subject: String, _ text: String) {
        if verdict == .failed, status == .fine { status = .failed }
        let columns = [(verdict.rawValue, 9), (subject, 16)].map { text, width in
            text + String(repeating: " ", count: max(1, width - text.count))
        }.joined()
        let indentation = "\n" + String(repeating: " ", count: columns.count)
        let lines = text.split(separator: "\n").map { LineText.escaped(String($0)) }
        print(columns + lines.joined(separator: indentation))
    }

    /// Runs a check and tells what it says, or why it failed.
    mutating func check(_ subject: String, _ body: () async throws -> String) async {
        do {
            tell(.fine, subject, try await body())
        } catch {
            if ExitStatus(error) == .wrongUsage { status = .wrongUsage }
            tell(.failed, subject, "\(error)")
        }
    }
}
