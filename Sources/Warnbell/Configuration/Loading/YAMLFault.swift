import Yams

/// Why a text is no YAML, without the lines of it that the parser's own message repeats: there may be secrets in them.
struct YAMLFault: Equatable {
    /// Counted from 1.
    let line: Int
    let text: String

    init(_ error: any Error) {
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            line = mark.line
            text = "not valid YAML: " + [context?.text, problem].compactMap { $0 }.joined(separator: ", ")
        case .reader(let problem, let offset, _, let yaml):
            line = 1 + yaml.prefix(offset ?? 0).count { $0.isNewline }
            text = "not valid YAML: \(problem)"
        case .duplicatedKeysInMapping(let duplicates, let context):
            line = context.mark.line
            text = "not valid YAML: set twice: \(duplicates.map { LineText.escaped($0) }.joined(separator: ", "))"
        default:
            line = 1
            text = "not valid YAML"
        }
    }
}
