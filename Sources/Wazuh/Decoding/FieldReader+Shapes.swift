import JSON

extension FieldReader {
    /// What kind of alert the object last walked is; nil where it is none.
    ///
    /// A finding is known by its `wazuh.rule` with an id: a `rule` of its own may stand beside that, from the event.
    /// An alert has a rule with an id and, since a level of 0 is left out, one of level, groups or description.
    var format: Alert.Format? {
        if isObject(.findingRule) { return scalar(.findingRuleID) == nil ? nil : .finding }
        guard scalar(.ruleID) != nil else { return nil }
        let isAlert = has(.ruleLevel) || has(.ruleGroups) || has(.ruleDescription)
        return isAlert ? .alert : nil
    }

    /// What to tell about an object that is no alert.
    var whyNoAlert: NotAnAlert {
        if isArray(.slackAttachments) { return .slackMessage }
        return isObject(.finding) ? .eventWithoutRule : .unknownObject
    }

    /// The search hits that the object is a list of: `{"hits":[…]}`, or OpenSearch's `{"hits":{"hits":[…]}}`.
    var hits: Int? {
        guard let hits = self[.innerHits] ?? self[.hits], tape[hits].kind == .array, !has(.envelope),
            format == nil
        else { return nil }
        return hits
    }

    /// The secret in the object, if it is a string.
    func token(_ bytes: Span<UInt8>) -> String? {
        string(.token).map { JSONText.string(bytes.extracting($0.content)) }
    }

    /// The object at `index` without its secret, or several of them; its other members stay as they are.
    func withoutToken(_ index: Int, _ bytes: Span<UInt8>) -> [UInt8] {
        var kept: [UInt8] = []
        kept.reserveCapacity(tape[index].range.count)
        var key = index + 1
        while key < tape[index].next {
            let value = tape[key + 1]
            if !isText(tape[key], Field.token.path, bytes) {
                kept.append(UInt8(ascii: kept.isEmpty ? "{" : ","))
                kept.append(copying: bytes.extracting(tape[key].range.lowerBound..<value.range.upperBound))
            }
            key = Int(value.next)
        }
        if kept.isEmpty { kept.append(UInt8(ascii: "{")) }
        kept.append(UInt8(ascii: "}"))
        return kept
    }
}
