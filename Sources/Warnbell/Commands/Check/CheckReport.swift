/// What a check found: told a line each as it comes, or as JSON in the end, and what it means for the exit status.
struct CheckReport {
    enum Verdict: String, Encodable {
        case fine = "ok"
        case note
        case warning
        case failed
    }

    /// One thing that was found.
    struct Finding: Encodable {
        let verdict: Verdict
        let subject: String
        let text: String
        /// What to do about it, where something is to be done.
        let fix: String?
    }

    /// Fine, failed, or wrong usage where the configuration is to blame.
    private(set) var status = ExitStatus.fine
    private var findings: [Finding] = []
    private let isJSON: Bool
    private let width: Int?

    /// - Parameter width: that of the terminal, if it is one; what goes elsewhere is not cut into lines.
    init(isJSON: Bool = false, width: Int? = nil) {
        self.isJSON = isJSON
        self.width = width.map { min(max($0, 60), 100) }
    }

    mutating func tell(_ verdict: Verdict, _ subject: String, _ text: String, fix: String? = nil) {
        if verdict == .failed, status == .fine { status = .failed }
        let finding = Finding(verdict: verdict, subject: subject, text: text, fix: fix)
        findings.append(finding)
        if !isJSON { print(finding.lines(within: width).joined(separator: "\n")) }
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

    /// Everything that was found, for a program.
    func json() throws -> String {
        struct Document: Encodable {
            let isFine: Bool
            let findings: [Finding]
        }
        return try DeskJSON.text(Document(isFine: status == .fine, findings: findings))
    }

    /// Tells what is left to tell, and ends with the status.
    func finish() throws {
        if isJSON { print(try json()) }
        if status != .fine { throw status }
    }
}

extension CheckReport.Finding {
    /// The finding in columns: verdict, subject, text, and below the text what to do.
    func lines(within width: Int?) -> [String] {
        let columns = [(verdict.rawValue, 9), (subject, 16)].map { text, width in
            text + String(repeating: " ", count: max(1, width - text.count))
        }.joined()
        let indentation = String(repeating: " ", count: columns.count)
        let room = width.map { max(20, $0 - columns.count) } ?? .max
        let texts = text.split(separator: "\n").map(String.init) + (fix.map { ["→ \($0)"] } ?? [])
        let lines = texts.flatMap { Self.wrapped(LineText.escaped($0), room) }
        return lines.enumerated().map { ($0 == 0 ? columns : indentation) + $1 }
    }

    /// The text in lines of at most so many characters, cut between words; a longer word has a line of its own.
    private static func wrapped(_ text: String, _ room: Int) -> [String] {
        guard text.count > room else { return [text] }
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let line = lines.last, line.count + 1 + word.count <= room {
                lines[lines.count - 1] = "\(line) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
