import Yams

/// What a YAML file sets, and where.
struct ConfigurationFile: Sendable {
    /// Bytes of the file.
    static let limit = 1 << 20

    let path: String

    /// Values by the names of keys. A key without a value (`url:`) is not set.
    private(set) var values: [String: RawValue] = [:]

    /// The lines of ``values``.
    private(set) var lines: [String: Int] = [:]

    /// What is no YAML, no known key, or not of the key's shape.
    private(set) var problems: [ConfigurationProblem] = []

    init(_ text: String, path: String) {
        self.path = path
        do {
            guard let root = try Parser(yaml: text).singleRoot(), !Self.isNull(root) else { return }
            guard case .mapping(let mapping) = root else {
                report(root.mark?.line ?? 1, nil, "expected keys and values, got \(Self.shape(of: root))")
                return
            }
            read(mapping, under: [])
        } catch {
            let fault = YAMLFault(error)
            report(fault.line, nil, fault.text)
        }
    }

    private mutating func read(_ mapping: Node.Mapping, under path: [String]) {
        for (key, value) in mapping {
            let line = key.mark?.line ?? 1
            guard let part = key.string else {
                report(line, path.isEmpty ? nil : path.joined(separator: "."), "expected the name of a key")
                continue
            }
            // A dotted name is as good as nested ones.
            let path = path + part.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            let name = path.joined(separator: ".")
            if let key = ConfigurationKey.byName[name] {
                read(value, of: key, line)
            } else if ConfigurationKey.sections.contains(name) {
                readSection(value, path, line)
            } else {
                report(line, nil, UnknownKey.message(name))
            }
        }
    }

    private mutating func readSection(_ node: Node, _ path: [String], _ line: Int) {
        if case .mapping(let mapping) = node {
            read(mapping, under: path)
        } else if !Self.isNull(node) {
            report(line, path.joined(separator: "."), "expected keys below it, got \(Self.shape(of: node))")
        }
    }

    private mutating func read(_ node: Node, of key: ConfigurationKey, _ line: Int) {
        guard !Self.isNull(node) else { return }
        guard lines[key.name] == nil else {
            report(line, key.name, "it is set a second time")
            return
        }
        switch node {
        case .scalar(let scalar):
            values[key.name] = key.isList ? .list(Self.elements(of: scalar.string)) : .text(scalar.string)
        case .sequence(let sequence) where key.isList:
            readElements(sequence, of: key)
        default:
            report(line, key.name, "expected \(key.expected), got \(Self.shape(of: node))")
        }
        lines[key.name] = line
    }

    private mutating func readElements(_ sequence: Node.Sequence, of key: ConfigurationKey) {
        var elements: [String] = []
        for (index, element) in sequence.enumerated() {
            if let scalar = element.scalar {
                elements.append(scalar.string)
            } else {
                report(
                    element.mark?.line ?? 1, key.name,
                    "element \(index + 1): expected text, got \(Self.shape(of: element))")
            }
        }
        if elements.count == sequence.count { values[key.name] = .list(elements) }
    }

    private mutating func report(_ line: Int, _ key: String?, _ text: String) {
        problems.append(ConfigurationProblem(origin: .file(path: path, line: line), key: key, text: text))
    }

    /// A list on one line is written as in an environment variable.
    private static func elements(of text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            String(part.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        }
    }

    private static func isNull(_ node: Node) -> Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    private static func shape(of node: Node) -> String {
        switch node {
        case .scalar: "text"
        case .mapping: "keys below it"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }
}
