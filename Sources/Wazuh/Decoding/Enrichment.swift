import JSON

/// Which alerts come from threat intelligence, or from ourselves, rather than from a sensor.
///
/// Their addresses are known to MISP's world already: sharing them again would go round in circles.
enum Enrichment {
    /// Whether a rule group or the name of an integration belongs to such a source: the name itself, in any case,
    /// behind a `custom-` or not, and with more words or without: `misp_alert`, `custom-virustotal.py`.
    static func isSource(_ text: Span<UInt8>) -> Bool {
        guard let end = sourceEnd(text) else { return false }
        return end == text.count || !isLetterOrDigit(text[end])
    }

    /// Whether an alert's location is such a source: the bare name, or `virustotal_ip`, after any `host->`.
    static func isLocation(_ text: Span<UInt8>) -> Bool {
        var start = 0
        for index in text.indices.dropFirst()
        where text[index] == UInt8(ascii: ">") && text[index - 1] == UInt8(ascii: "-") {
            start = index + 1
        }
        let name = text.extracting(start..<text.count)
        guard let end = sourceEnd(name) else { return false }
        return end == name.count || matches(name, at: end, "_ip") == name.count
    }

    /// Where the name of a source ends that `text` begins with.
    private static func sourceEnd(_ text: Span<UInt8>) -> Int? {
        guard text.count > 0 else { return nil }
        switch text[0] | 0x20 {
        case UInt8(ascii: "m"): return matches(text, at: 0, "misp") ?? matches(text, at: 0, "maltiverse")
        case UInt8(ascii: "o"): return matches(text, at: 0, "opencti")
        case UInt8(ascii: "v"): return matches(text, at: 0, "virustotal")
        case UInt8(ascii: "a"): return matches(text, at: 0, "abuseipdb")
        case UInt8(ascii: "w"): return matches(text, at: 0, "warnbell")
        case UInt8(ascii: "c"):
            guard let prefix = matches(text, at: 0, "custom-") else { return nil }
            return sourceEnd(text.extracting(prefix..<text.count)).map { $0 + prefix }
        default: return nil
        }
    }

    /// Where `word`, in any case, ends that stands at `start`; nil where it doesn't.
    private static func matches(_ text: Span<UInt8>, at start: Int, _ word: StaticString) -> Int? {
        let length = word.utf8CodeUnitCount
        guard text.count - start >= length else { return nil }
        for index in 0..<length {
            let letter = unsafe word.utf8Start[index]
            let byte = text[start + index]
            guard byte == letter || isUpper(byte) && byte | 0x20 == letter else { return nil }
        }
        return start + length
    }

    private static func isUpper(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte | 0x20 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }
}

extension FieldReader {
    /// Whether the alert last walked comes from threat intelligence or from ourselves.
    func isEnrichment(_ format: Alert.Format, _ bytes: Span<UInt8>) -> Bool {
        func isSource(_ field: Field) -> Bool {
            guard let name = string(field) else { return false }
            return Enrichment.isSource(bytes.extracting(name.content))
        }
        guard format == .alert else { return isSource(.findingIntegration) }
        if isSource(.integration) { return true }
        if let location = string(.location), Enrichment.isLocation(bytes.extracting(location.content)) {
            return true
        }
        if first(in: Field.enrichments, where: isObject) != nil { return true }
        var isSourceGroup = false
        if let groups = self[.ruleGroups] {
            forEachString(groups) { group in
                isSourceGroup = Enrichment.isSource(bytes.extracting(group.content))
                return !isSourceGroup
            }
        }
        return isSourceGroup
    }
}
