extension ValueKind {
    /// Secrets with names, as they are. Their errors never repeat any of them.
    static func secrets<Entry>() -> ValueKind where Value == SecretList<Entry> {
        ValueKind(
            expected: Expectation("a list of \(Entry.form)"), isList: true,
            read: { raw throws(InvalidValue) in
                try list(raw.elements.enumerated().map { ("element \($0 + 1)", $1) }, file: nil)
            },
            show: { .list($0.entries.map(\.shown)) })
    }

    /// Secrets with names that lie in a file, one a line.
    static func secretsFile<Entry>() -> ValueKind where Value == SecretList<Entry> {
        ValueKind("a path to a file that holds the secrets", show: { $0.file.map { .text($0) } ?? .none }) {
            path throws(InvalidValue) in
            let text: String
            do {
                text = try FileReading.text(of: path, limit: Secret.fileLimit)
            } catch {
                throw InvalidValue("\(error)")
            }
            let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
                .map { ("\(path):\($0 + 1)", String($1)) }.filter { !$1.isEmpty && !$1.hasPrefix("#") }
            guard !lines.isEmpty else { throw InvalidValue("\(path): expected \(Entry.form) in each line, got none") }
            return try list(lines, file: path)
        }
    }

    /// Reads the entries, each with the place that a fault names.
    private static func list<Entry>(
        _ entries: [(place: String, text: String)], file: String?
    ) throws(InvalidValue) -> SecretList<Entry> where Value == SecretList<Entry> {
        var list = SecretList<Entry>(file: file)
        var places: [String: String] = [:]
        var faults: [String] = []
        for (place, text) in entries {
            do {
                let entry = try Entry(entry: text)
                if let other = places.updateValue(place, forKey: entry.secret.text) {
                    faults.append("\(place): it has the same secret as \(other)")
                }
                list.entries.append(entry)
            } catch {
                faults += error.faults.map { "\(place): \($0)" }
            }
        }
        let limit = Entry.limit
        if entries.count > limit { faults = ["expected at most \(limit) entries, got \(entries.count)"] }
        guard faults.isEmpty else { throw InvalidValue(faults) }
        return list
    }
}
