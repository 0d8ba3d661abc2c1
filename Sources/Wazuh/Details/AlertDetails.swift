package import IPAddresses
import JSON

/// What an alert says beyond what decides about it, read from its bytes once.
///
/// Lists have no doubles and keep the order in which we trust the fields. Placeholders (`-`, empty text, `null`) are
/// left out.
package struct AlertDetails: Sendable {
    private let bytes: [UInt8]
    private let tape: JSONTape

    /// What the paths of ``Detail`` lead to.
    private let found: [(path: Int, index: Int)]

    let attacker: Attacker?

    init(_ alert: Alert) {
        var tape = JSONTape()
        bytes = alert.bytes
        attacker = alert.attacker
        // The decoder has read these bytes without an error.
        let isRead = (try? tape.read(alert.bytes.span)) != nil
        found = isRead ? Detail.tree.collect(0, of: tape, alert.bytes.span) : []
        self.tape = tape
    }

    package var agentID: String { text(.agentID) ?? "" }
    package var agentName: String { text(.agentName) ?? "" }
    package var managerName: String { text(.managerName) ?? "" }

    /// Names of machines of ours, beside the agent's: who wrote the log, who runs the manager.
    package var machines: [String] { (texts(.machines) + texts(.managerName)).withoutDoubles }

    /// ATT&CK ids as the rule gives them, sub-techniques included: `T1110.001`.
    package var techniques: [String] { texts(.techniques).withoutDoubles }

    /// ATT&CK technique names. Wazuh removes doubles from ids and names apart: the n-th name is not the n-th id's.
    package var techniqueNames: [String] { texts(.techniqueNames).withoutDoubles }

    /// ATT&CK tactic names; what was said of ``techniqueNames`` holds for them too.
    package var tactics: [String] { texts(.tactics).withoutDoubles }

    /// Names of the attacker's side: what one of ours looked up or connected to. Empty where the attacker came to
    /// us, since the names in such an alert are our own.
    package var domains: [String] {
        guard attacker?.role != .source else { return [] }
        let names = texts(.domains) + texts(.suricataHost) + texts(.findingHost)
        return names.compactMap(DomainName.normalized).withoutDoubles
    }

    /// User names of our own people, and those that were tried on us.
    package var users: [String] { texts(.users).withoutDoubles }

    /// Our own addresses in the alert: the agent's, and the local ends of the connection.
    package var targets: [IPAddress] {
        let own = addresses(.agentAddress) + addresses(.hostAddress)
        let ends = addresses(.connectionEnds).filter(\.isLocal)
        return (own + ends).filter { $0 != attacker?.address }.withoutDoubles
    }

    /// Everything at a dotted path, scalars as text and arrays flattened; nulls are left out.
    package func values(at path: String) -> [String] {
        // The decoder has read these bytes without an error.
        (try? JSONDocument(bytes).root.texts(at: path)) ?? []
    }

    /// The texts of a detail that say something, scalars as they are written and arrays element by element.
    func texts(_ detail: Detail) -> [String] { detail.numbers.flatMap { texts(path: $0) } }

    /// Those of the first of the detail's paths that has any.
    func preferredTexts(_ detail: Detail) -> [String] {
        for number in detail.numbers {
            let texts = texts(path: number)
            if !texts.isEmpty { return texts }
        }
        return []
    }

    private func texts(path: Int) -> [String] {
        var texts: [String] = []
        for match in found where match.path == path { collect(match.index, into: &texts) }
        return texts
    }

    func text(_ detail: Detail) -> String? { texts(detail).first }

    private func addresses(_ detail: Detail) -> [IPAddress] {
        texts(detail).compactMap { AddressText.parse(Array($0.utf8).span) }
    }

    private func collect(_ index: Int, into texts: inout [String]) {
        let node = tape[index]
        switch node.kind {
        case .array:
            var element = index + 1
            while element < node.next {
                collect(element, into: &texts)
                element = Int(tape[element].next)
            }
        case .object, .null:
            return
        case .string, .number, .true, .false:
            let text = JSONText.string(bytes.span.extracting(node.content))
            if !Self.placeholders.contains(text) { texts.append(text) }
        }
    }

    /// What logs write for nothing.
    private static let placeholders: Set = ["", "-", "null", "(null)", "N/A", "none", "None", "unknown"]
}

extension Array where Element: Hashable {
    /// The elements in their order, each once.
    var withoutDoubles: [Element] {
        guard count > 1 else { return self }
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
