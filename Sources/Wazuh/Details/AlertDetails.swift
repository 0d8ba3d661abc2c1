package import IPAddresses
import JSON

/// What an alert says beyond what decides about it, read from its bytes once.
///
/// Lists have no doubles and keep the order in which the values were found. Placeholders (`-`, empty text, `null`)
/// are left out.
package struct AlertDetails: Sendable {
    private let root: JSONValue?
    let format: Alert.Format
    let attacker: Attacker?

    init(_ alert: Alert) {
        // The decoder has read these bytes without an error.
        root = try? JSONDocument(alert.bytes).root
        format = alert.format
        attacker = alert.attacker
    }

    /// Everything at a dotted path, scalars as text and arrays flattened; nulls are left out.
    package func values(at path: String) -> [String] { root?.texts(at: path) ?? [] }

    /// Names of the attacker's side: what one of ours looked up or connected to. Empty where the attacker came to
    /// us, since the names in such an alert are our own.
    package var domains: [String] {
        guard attacker?.role != .source else { return [] }
        let paths =
            switch format {
            case .alert: Self.domainPaths
            case .finding: ["dns.question.name", "destination.domain", "url.domain", "tls.client.server_name"]
            }
        return texts(at: paths).compactMap(Self.domain).withoutDoubles
    }

    /// User names of our own people, and those that were tried on us.
    package var users: [String] {
        texts(at: format == .alert ? Self.userPaths : Self.findingUserPaths).withoutDoubles
    }

    /// Our own addresses in the alert: the agent's, and the local end of the connection.
    package var targets: [IPAddress] {
        let (own, ends) =
            switch format {
            case .alert: (["agent.ip"], Self.endPaths)
            case .finding: (["wazuh.agent.host.ip", "host.ip"], ["destination.ip", "source.ip", "server.ip"])
            }
        let addresses = own.flatMap(addresses) + ends.flatMap(addresses).filter(\.isLocal)
        return addresses.filter { $0 != attacker?.address }.withoutDoubles
    }

    /// The texts at these paths that say something.
    func texts(at paths: [String]) -> [String] {
        paths.flatMap(values).filter { !Self.placeholders.contains($0) }
    }

    private func addresses(at path: String) -> [IPAddress] { root?.addresses(at: path) ?? [] }

    func text(at path: String) -> String? { texts(at: [path]).first }

    /// What logs write for nothing.
    private static let placeholders: Set = ["", "-", "null", "(null)", "N/A", "none", "None", "unknown"]

    private static let domainPaths = [
        "data.dns.rrname", "data.dns.query.rrname", "data.dns.queries.rrname", "data.tls.sni", "data.http.hostname",
        "data.win.eventdata.queryName", "data.win.eventdata.destinationHostname",
        "data.aws.service.action.dnsRequestAction.domain", "data.dnsstat.query",
    ]

    private static let userPaths = [
        "data.srcuser", "data.dstuser", "data.user", "data.win.eventdata.targetUserName",
        "data.win.eventdata.subjectUserName", "data.win.eventdata.user", "data.aws.userIdentity.userName",
        "data.aws.resource.accessKeyDetails.userName", "data.office365.UserId",
        "data.gcp.protoPayload.authenticationInfo.principalEmail", "data.ms-graph.userPrincipalName",
    ]

    private static let findingUserPaths = ["user.name", "client.user.name", "client.user.email", "source.user.name"]

    private static let endPaths = [
        "data.dstip", "data.dest_ip", "data.dst_ip", "data.destination_address", "data.win.eventdata.destinationIp",
        "data.barracuda.waf.server_ip", "data.srcip", "data.src_ip", "data.win.eventdata.sourceIp",
        "data.aws.resource.instanceDetails.networkInterfaces.privateIpAddress",
    ]

    /// A host name as DNS has them, in lower case and without the dot at its end; nil for anything else.
    static func domain(_ text: String) -> String? {
        var name = text.lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let isName = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count)
                && label.utf8.allSatisfy { byte in
                    byte >= 0x80 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                }
        }
        guard isName, labels.count > 1, name.utf8.count <= 253, IPAddress(name) == nil else { return nil }
        return name
    }
}

extension Array where Element: Hashable {
    /// The elements in their order, each once.
    var withoutDoubles: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
