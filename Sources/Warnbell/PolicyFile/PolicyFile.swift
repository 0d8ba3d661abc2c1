import Pipeline
import Yams

/// Reads a policy: a YAML mapping with the one key `rules`, a list of rules in the order they are tried.
///
/// ```yaml
/// rules:
///   - {name: brute-force, action: share, groups: [authentication_failures], min_level: 10, to_ids: true}
/// ```
struct PolicyFile {
    /// Everything that is wrong with the file, so that it is mended in one go.
    struct Faults: Error, CustomStringConvertible {
        let faults: [String]

        var description: String { faults.joined(separator: "\n") }
    }

    private let name: String
    private var faults: [String] = []

    private init(name: String) {
        self.name = name
    }

    /// The rules in `yaml`; `name` is the file's name for messages.
    static func rules(in yaml: String, name: String) throws(Faults) -> [PolicyRule] {
        var file = PolicyFile(name: name)
        let rules = file.rules(in: yaml)
        guard file.faults.isEmpty else { throw Faults(faults: file.faults) }
        return rules
    }

    private mutating func rules(in yaml: String) -> [PolicyRule] {
        let root: Node?
        do {
            root = try Yams.compose(yaml: yaml)
        } catch {
            faults.append("\(name): no valid YAML: \(error)")
            return []
        }
        guard let root, let mapping = root.mapping else {
            fault(root, "expected a mapping with the key 'rules'")
            return []
        }
        for (key, _) in mapping where key.string != "rules" {
            fault(key, "unknown key '\(key.string ?? "")'; expected 'rules'")
        }
        guard let list = root["rules"]?.sequence else {
            fault(root["rules"] ?? root, "expected 'rules' to be a list of rules")
            return []
        }
        var names: Set<String> = []
        return list.compactMap { node in
            var reader = PolicyRuleReader(node)
            let rule = reader.rule()
            for found in reader.faults { fault(found.node, found.text) }
            if let rule, !names.insert(rule.name).inserted { fault(node, "a second rule with the name '\(rule.name)'") }
            return rule
        }
    }

    private mutating func fault(_ node: Node?, _ text: String) {
        let line = node?.mark.map { ":\($0.line)" } ?? ""
        faults.append("\(name)\(line): \(text)")
    }
}
