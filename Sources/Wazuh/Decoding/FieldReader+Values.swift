import JSON
import Timestamps

extension FieldReader {
    /// Writes what an alert is known by: the texts of id, rule id, timestamp, manager and cluster node, each behind
    /// its length in four bytes, most significant first. False where one of the first three is missing.
    func writeIdentity(_ bytes: Span<UInt8>, into message: inout IdentityMessage) -> Bool {
        message.removeAll()
        guard let id = scalar(.id), let rule = scalar(.ruleID), let timestamp = scalar(.timestamp) else { return false }
        append(id, bytes, to: &message)
        append(rule, bytes, to: &message)
        append(timestamp, bytes, to: &message)
        append(scalar(.managerName), bytes, to: &message)
        append(scalar(.clusterNode), bytes, to: &message)
        return true
    }

    /// Writes what a search hit is known by, index and id, in the same way; nothing where one of them is missing.
    func writeHit(_ bytes: Span<UInt8>, into message: inout IdentityMessage) {
        guard let index = scalar(.hitIndex), let id = scalar(.hitID) else { return }
        append(index, bytes, to: &message)
        append(id, bytes, to: &message)
    }

    private func append(_ node: JSONNode?, _ bytes: Span<UInt8>, to message: inout IdentityMessage) {
        guard let node else { return message.append([UInt8]().span) }
        guard node.hasEscapes else { return message.append(bytes.extracting(Int(node.start)..<Int(node.end))) }
        withText(node, bytes) { message.append($0) }
    }

    /// The alert's own time: Wazuh's field, or else the indexer's.
    func timestamp(_ bytes: Span<UInt8>) -> Timestamp? {
        for field in [Field.timestamp, .indexerTimestamp] {
            if let node = string(field), let time = Timestamp.parse(bytes.extracting(node.content)) {
                return time
            }
        }
        return nil
    }

    /// The rule's level, from 0 to 16: a number, the same as text, or one of the words of Wazuh 5.x.
    func level(_ format: Alert.Format, _ bytes: Span<UInt8>) -> Int {
        guard let node = scalar(format == .alert ? .ruleLevel : .findingLevel) else { return 0 }
        return withText(node, bytes) { text in
            var level = 0
            for index in text.indices {
                let digit = Int(text[index]) - 48
                guard (0...9).contains(digit) else { return index == 0 ? Self.level(word: text) : level }
                level = min(16, 10 * level + digit)
            }
            return level
        }
    }

    /// What a word of Wazuh 5.x counts as; 0 for any other.
    private static func level(word: Span<UInt8>) -> Int {
        let levels: [(String, Int)] = [
            ("informational", 3), ("low", 5), ("medium", 8), ("high", 12), ("critical", 15),
        ]
        return levels.first { name, _ in
            name.utf8.count == word.count && zip(word.indices, name.utf8).allSatisfy { word[$0] | 0x20 == $1 }
        }?.1 ?? 0
    }

    /// Where the values that an alert keeps stand, counted from `start`.
    func parts(_ format: Alert.Format, from start: Int) -> Alert.Parts {
        func part(_ field: Field) -> ByteRange {
            guard let node = node(field) else { return ByteRange() }
            let start = UInt32(truncatingIfNeeded: start)
            return switch node.kind {
            case .null: ByteRange()
            // A string's quotes belong to it.
            case .string: ByteRange(start: node.start - start - 1, end: node.end - start + 1)
            default: ByteRange(start: node.start - start, end: node.end - start)
            }
        }
        return switch format {
        case .alert:
            Alert.Parts(
                ruleID: part(.ruleID), ruleDescription: part(.ruleDescription), groups: part(.ruleGroups),
                decoder: part(.decoderName), location: part(.location), agentAddress: part(.agentAddress),
                forwardedFor: part(.forwardedFor), srcip2: part(.srcip2))
        case .finding:
            Alert.Parts(
                ruleID: part(.findingRuleID), ruleDescription: part(.findingTitle), groups: part(.findingTags),
                decoder: part(has(.findingDecoders) ? .findingDecoders : .findingIntegration),
                location: part(.findingLocation), agentAddress: part(.findingAgentAddress))
        }
    }
}
