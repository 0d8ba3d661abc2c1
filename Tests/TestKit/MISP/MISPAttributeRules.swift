import Foundation
import Glibc

extension MISPStandIn {
    /// Why MISP does not take an attribute.
    struct AttributeFault: Error {
        let field: String
        let reason: String

        var json: AnyJSON { [field: ["\(reason)"]] }
    }
}

extension MISPStandIn.Attribute {
    /// Categories of the types that Warnbell writes.
    private static let categories: [String: Set<String>] = {
        let network: Set = ["Network activity"]
        let files: Set = ["Payload delivery", "Artifacts dropped", "Payload installation", "External analysis"]
        return [
            "ip-src": network.union(["Payload delivery", "External analysis"]),
            "ip-dst": network.union(["Payload delivery", "External analysis"]),
            "url": network.union(["Payload delivery", "External analysis"]),
            "domain": network.union(["Payload delivery", "External analysis"]),
            "hostname": network.union(["Payload delivery", "External analysis"]),
            "uri": network, "user-agent": network.union(["Payload delivery", "External analysis"]),
            "port": network.union(["Other"]), "AS": network, "http-method": network, "community-id": network,
            "md5": files, "sha1": files, "sha256": files, "filename": files, "filename|sha256": files,
            "ip-src|port": network,
            "text": network.union(["Other", "Internal reference"]), "comment": network.union(["Other"]),
            "other": network.union(["Other"]),
            "datetime": ["Other"], "counter": ["Other"], "size-in-bytes": ["Other"], "integer": ["Other"],
            "float": ["Other"],
            "target-machine": ["Targeting data"], "target-user": ["Targeting data"],
            "target-external": ["Targeting data"], "target-location": ["Targeting data"],
            "link": ["External analysis"], "vulnerability": ["External analysis"],
        ]
    }()

    /// Types that detection systems may act on where a body does not say.
    private static let detected: Set = [
        "ip-src", "ip-dst", "ip-src|port", "url", "domain", "hostname", "uri", "community-id", "md5", "sha1", "sha256",
        "filename", "filename|sha256",
    ]

    private static let httpMethods: Set = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "PROPFIND",
    ]

    /// Reads an attribute as MISP does before it saves it: checked and normalised.
    static func read(
        _ json: AnyJSON, now: Int64
    ) -> Result<MISPStandIn.Attribute, MISPStandIn.AttributeFault> {
        guard let type = json["type"]?.text, let allowed = categories[type] else {
            return .failure(.init(field: "type", reason: "Options depend on the selected category."))
        }
        guard let category = json["category"]?.text, allowed.contains(category) else {
            return .failure(.init(field: "category", reason: "Options depend on the selected type."))
        }
        let uuid = json["uuid"]?.text ?? UUID().uuidString.lowercased()
        guard UUID(uuidString: uuid) != nil else {
            return .failure(.init(field: "uuid", reason: "Invalid UUID provided"))
        }
        guard let value = json["value"]?.text?.trimmingCharacters(in: .whitespaces), !value.isEmpty else {
            return .failure(.init(field: "value", reason: "Value cannot be empty."))
        }
        guard value.utf8.count <= 65_535 else {
            return .failure(.init(field: "value", reason: "Value would get truncated."))
        }
        guard let normal = normalised(value, type: type) else {
            return .failure(.init(field: "value", reason: "\(type) has an invalid format."))
        }
        if let first = json["first_seen"]?.text, let last = json["last_seen"]?.text, last < first {
            return .failure(.init(field: "last_seen", reason: "Last seen date is before first seen date."))
        }
        return .success(
            MISPStandIn.Attribute(
                id: "", uuid: uuid.lowercased(), type: type, category: category, value: normal,
                comment: json["comment"]?.text ?? "", toIDs: json["to_ids"]?.flag ?? detected.contains(type),
                distribution: json["distribution"]?.text ?? "5",
                timestamp: json["timestamp"]?.text.flatMap { Int64($0) } ?? now,
                firstSeen: json["first_seen"]?.text, lastSeen: json["last_seen"]?.text,
                relation: json["object_relation"]?.text))
    }

    /// The value as MISP keeps it; nil when the type forbids it.
    private static func normalised(_ value: String, type: String) -> String? {
        switch type {
        case "ip-src", "ip-dst": return address(value)
        case "md5", "sha1", "sha256":
            let length = ["md5": 32, "sha1": 40, "sha256": 64][type]
            return value.count == length && value.allSatisfy(\.isHexDigit) ? value.lowercased() : nil
        case "port":
            return Int(value).flatMap { (1...65_535).contains($0) ? String($0) : nil }
        case "domain", "hostname":
            let isName = value.wholeMatch(of: /[A-Za-z0-9._\-]+\.[A-Za-z0-9\-]{2,}/) != nil
            return isName && address(value) == nil ? value.lowercased() : nil
        case "uri", "user-agent", "target-machine", "target-user":
            return value.contains(where: \.isNewline) ? nil : storable(value)
        case "datetime": return datetime(value)
        case "http-method": return httpMethods.contains(value) ? value : nil
        case "AS": return value.uppercased().hasPrefix("AS") ? String(value.dropFirst(2)) : value
        case "counter", "size-in-bytes", "integer": return Int(value).map { String($0) }
        default: return storable(value)
        }
    }

    /// What the tables cannot hold becomes a question mark.
    private static func storable(_ value: String) -> String {
        String(String.UnicodeScalarView(value.unicodeScalars.map { $0.value > 0xffff ? "?" : $0 }))
    }

    /// ISO 8601 with or without an offset, which is kept without its colon.
    private static func datetime(_ value: String) -> String? {
        let form = /(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+-]\d\d:?\d\d)?/
        guard let match = value.wholeMatch(of: form) else { return nil }
        let offset = match.output.2.map { $0 == "Z" ? "+0000" : $0.replacing(":", with: "") } ?? ""
        return String(match.output.1) + offset
    }

    private static func address(_ value: String) -> String? {
        let parts = value.split(separator: "/", omittingEmptySubsequences: false)
        var bytes = [UInt8](repeating: 0, count: 16)
        let text = String(parts[0])
        let isV6 = text.contains(":")
        let isLoose =
            text.contains("%") || (!isV6 && text.split(separator: ".").contains { $0.count > 1 && $0.first == "0" })
        guard parts.count <= 2, !isLoose, inet_pton(isV6 ? AF_INET6 : AF_INET, text, &bytes) == 1 else { return nil }
        var name = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(isV6 ? AF_INET6 : AF_INET, &bytes, &name, socklen_t(name.count))
        let normal = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard parts.count == 2 else { return normal }
        guard let length = Int(parts[1]), (0...(isV6 ? 128 : 32)).contains(length) else { return nil }
        return length == (isV6 ? 128 : 32) ? normal : "\(normal)/\(length)"
    }
}
