import IPAddresses
import Pipeline
import Wazuh
import Yams

/// Reads one rule of a policy file.
struct PolicyRuleReader {
    /// What is wrong, and where.
    private(set) var faults: [(node: Node, text: String)] = []

    private let node: Node
    private var name = ""

    init(_ node: Node) {
        self.node = node
    }

    /// The rule as far as it could be read; nil for what is no rule at all. It counts only without ``faults``.
    mutating func rule() -> PolicyRule? {
        guard let mapping = node.mapping else {
            faults.append((node, "expected a rule: a mapping with 'name', 'action' and matchers"))
            return nil
        }
        guard let name = mapping["name"]?.string, !name.isEmpty else {
            faults.append((node, "expected the rule to have a 'name'"))
            return nil
        }
        self.name = name
        var rule = PolicyRule(name: name, action: action(of: mapping))
        var lowest = 0
        var highest = 16
        for (key, value) in mapping {
            switch key.string ?? "" {
            case "name", "action", "to_ids": break
            case "min_level": lowest = level(value, key) ?? lowest
            case "max_level": highest = level(value, key) ?? highest
            case "groups": rule.groups = strings(value, key)
            case "rule_ids": rule.ruleIDs = strings(value, key)
            case "decoders": rule.decoders = strings(value, key)
            case "agents": rule.agents = strings(value, key)
            case "locations": rule.locations = strings(value, key)
            case "mitre": rule.mitre = techniques(value, key)
            case "fields": rule.fields = fields(value)
            case "sources": rule.sources = blocks(value, key)
            case "format": rule.format = format(value)
            case let unknown:
                let nearest = Nearest.match(unknown, in: Self.keys).map { "; did you mean '\($0)'?" } ?? ""
                fault(key, "unknown key '\(unknown)'\(nearest)")
            }
        }
        if lowest > highest {
            fault(node, "min_level \(lowest) is above max_level \(highest)")
        } else if lowest > 0 || highest < 16 {
            rule.levels = lowest...highest
        }
        return rule
    }

    private static let keys = [
        "name", "action", "to_ids", "min_level", "max_level", "groups", "rule_ids", "decoders", "agents", "locations",
        "mitre", "fields", "sources", "format",
    ]

    private mutating func action(of mapping: Node.Mapping) -> PolicyAction {
        let toIDs = mapping["to_ids"]
        let action = mapping["action"]?.string
        if let toIDs, toIDs.bool == nil || action != "share" {
            fault(toIDs, "to_ids is true or false, and goes with action share only")
        }
        switch action {
        case "share": return .share(mayDetect: toIDs?.bool ?? false)
        case "hold": return .hold
        case "context": return .context
        case "investigate": return .investigate
        case "ignore": return .ignore
        default:
            let expected = "expected 'action' to be share, hold, context, investigate or ignore"
            fault(mapping["action"] ?? node, expected)
            return .ignore
        }
    }

    private mutating func level(_ node: Node, _ key: Node) -> Int? {
        if let level = node.int, (0...16).contains(level) { return level }
        fault(node, "expected \(key.string ?? "") to be a level from 0 to 16")
        return nil
    }

    /// A list of scalars, or one alone; numbers count as their text.
    private mutating func strings(_ node: Node, _ key: Node) -> Set<String> {
        let nodes = node.sequence.map(Array.init) ?? [node]
        let values = nodes.compactMap { $0.scalar?.string }.filter { !$0.isEmpty }
        if values.isEmpty || values.count != nodes.count {
            fault(node, "expected \(key.string ?? "") to be a list of names")
        }
        return Set(values)
    }

    private mutating func techniques(_ node: Node, _ key: Node) -> PolicyRule.Techniques? {
        if node.bool == true { return .any }
        if node.bool == false || node.mapping != nil {
            fault(node, "expected mitre to be true or a list of technique ids such as T1110")
            return nil
        }
        return .ids(strings(node, key))
    }

    private mutating func fields(_ node: Node) -> [String: Set<String>]? {
        guard let mapping = node.mapping, !mapping.isEmpty else {
            fault(node, "expected fields to map dotted paths to lists of values")
            return nil
        }
        var fields: [String: Set<String>] = [:]
        for (path, values) in mapping { fields[path.string ?? ""] = strings(values, path) }
        return fields
    }

    private mutating func blocks(_ node: Node, _ key: Node) -> IPBlockSet {
        var blocks: [IPBlock] = []
        for text in strings(node, key).sorted() {
            if let block = IPBlock(text) {
                blocks.append(block)
            } else {
                fault(node, "'\(text)' is no address or block such as 203.0.113.0/24")
            }
        }
        return IPBlockSet(blocks)
    }

    private mutating func format(_ node: Node) -> Alert.Format? {
        switch node.string {
        case "alert": return .alert
        case "finding": return .finding
        default:
            fault(node, "expected format to be alert (Wazuh 4.x) or finding (Wazuh 5.x)")
            return nil
        }
    }

    private mutating func fault(_ node: Node, _ text: String) {
        faults.append((node, "rule '\(name)': \(text)"))
    }
}
