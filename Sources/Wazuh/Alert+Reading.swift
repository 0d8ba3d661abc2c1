package import IPAddresses
import JSON

extension Alert {
    /// Everything else the alert says, read once. Where several questions are asked, ask them here.
    package var details: AlertDetails { AlertDetails(self) }

    /// The rule's number, or in a finding its identifier.
    package var ruleID: String { text(parts.ruleID) }

    /// The rule's description with its values filled in, or a finding's title.
    package var ruleDescription: String { text(parts.ruleDescription) }

    /// The rule's groups, or a finding's tags.
    package var groups: [String] { texts(parts.groups) }

    /// The name of the decoder, or the first one of a finding.
    package var decoder: String { texts(parts.decoder).first ?? "" }

    /// Where the event was read: a path, `journald`, `EventChannel`.
    package var location: String { text(parts.location) }

    /// All addresses of the agent: a finding of 5.x lists them.
    package var agentAddresses: [IPAddress] {
        texts(parts.agentAddress).compactMap { AddressText.parse(Array($0.utf8).span) }
    }

    /// Whom a request came from before it reached the address that was logged, as its proxies passed it on
    /// (`data.xff_address`, or else the first address of a log line with two), and in which field that stands.
    ///
    /// Each proxy appends the address it heard from, so an entry is worth as much as the proxies to its right. Nil
    /// stands for an entry that is no address. Of a longer list the last ``AddressText/longestList`` entries are here.
    package var forwardedFor: (list: [IPAddress?], field: String) {
        let list = texts(parts.forwardedFor).flatMap(AddressText.parseList)
        if !list.isEmpty { return (list.suffix(AddressText.longestList), Field.forwardedFor.path) }
        return (texts(parts.srcip2).flatMap(AddressText.parseList), Field.srcip2.path)
    }

    /// Hands over the rule's id and its groups as they stand in the alert, as JSON: cheap, and together with
    /// ``level`` enough to know a rule again.
    package func withRuleBytes<Result>(_ body: (_ id: Span<UInt8>, _ groups: Span<UInt8>) -> Result) -> Result {
        body(bytes.span.extracting(parts.ruleID.range), bytes.span.extracting(parts.groups.range))
    }

    private func text(_ part: ByteRange) -> String {
        guard !part.isEmpty else { return "" }
        let isString = bytes[Int(part.start)] == UInt8(ascii: "\"")
        let contents = isString ? part.range.dropFirst().dropLast() : part.range
        return JSONText.string(bytes.span.extracting(contents))
    }

    private func texts(_ part: ByteRange) -> [String] {
        guard !part.isEmpty else { return [] }
        // The decoder has read these bytes without an error.
        return (try? JSONDocument(bytes, valueAt: Int(part.start)).root.texts(at: "")) ?? []
    }
}

// What is read through ``Alert/details``; see there.
extension Alert {
    package var agentID: String { details.agentID }
    package var agentName: String { details.agentName }
    package var managerName: String { details.managerName }
    package var techniques: [String] { details.techniques }
    package var techniqueNames: [String] { details.techniqueNames }
    package var tactics: [String] { details.tactics }
    package var requests: [Request] { details.requests }
    package var userAgents: [String] { details.userAgents }
    package var hashes: [FileHash] { details.hashes }
    package var domains: [String] { details.domains }
    package var users: [String] { details.users }
    package var targets: [IPAddress] { details.targets }
    package func values(at path: String) -> [String] { details.values(at: path) }
}

extension JSONValue {
    /// What ``values(at:)`` gives, as text; containers and nulls are left out.
    func texts(at path: String) -> [String] {
        values(at: path).compactMap { $0.isNull ? nil : $0.text }
    }
}
