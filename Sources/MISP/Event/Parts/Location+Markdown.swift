import GeoIP
import IPAddresses
import Pipeline

extension Location {
    /// `203.0.113.9`: `Berlin`, `Germany`; AS64500 `Example Net`; according to the GeoIP database.
    func markdown(of source: SourceKey) -> MarkdownText {
        let subject: MarkdownText =
            addresses.count == 1
            ? "\(addresses[0].address.description)" : "\(addresses.count) addresses of \(source.description)"
        let words = [place.city, place.country].compactMap(\.self).map { name -> MarkdownText in "\(name)" }
        var parts = words.isEmpty ? [] : [words.joined(by: ", ")]
        if let system = place.system {
            let name: MarkdownText = place.systemName.map { " \($0)" } ?? ""
            parts.append("AS\(Int(system))\(name)")
        }
        parts.append(MarkdownText(stringLiteral: witness.rawValue))
        return "\(subject): \(parts.joined(by: "; "))."
    }
}

extension [MarkdownText] {
    fileprivate func joined(by separator: String) -> MarkdownText {
        MarkdownText(stringLiteral: map(\.markdown).joined(separator: separator))
    }
}
