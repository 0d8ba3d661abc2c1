import JSON

/// What can be asked of an alert, and where it stands: in an alert of 4.x or in a finding of 5.x. The paths of a
/// detail are in order of preference.
enum Detail: Int, CaseIterable {
    case techniques, techniqueNames, tactics
    case agentID, agentName, managerName, machines, agentAddress, hostAddress, connectionEnds
    case users, domains, userAgents
    case decoderNames, groups, fullLog
    case url, method, host, route, routeMethod, httpVersion
    case suricataURL, suricataHost, suricataMethod
    case findingURL, findingFullURL, findingPath, findingQuery, findingScheme, findingHost, findingMethod
    case md5, sha1, sha256, sysmonHashes
    case sourceCountry, sourceCity, sourceSystem, sourceSystemName
    case destinationCountry, destinationCity, destinationSystem, destinationSystemName
    case remoteCountry, remoteCity, remoteSystem, remoteSystemName

    var paths: [String] {
        switch self {
        case .techniques: ["rule.mitre.id", "wazuh.rule.mitre.technique.id", "wazuh.rule.mitre.subtechnique.id"]
        case .techniqueNames:
            ["rule.mitre.technique", "wazuh.rule.mitre.technique.name", "wazuh.rule.mitre.subtechnique.name"]
        case .tactics: ["rule.mitre.tactic", "wazuh.rule.mitre.tactic.name"]
        case .agentID: ["agent.id", "wazuh.agent.id"]
        case .agentName: ["agent.name", "wazuh.agent.name"]
        case .managerName: ["manager.name", "wazuh.manager.name"]
        case .machines:
            [
                "predecoder.hostname", "data.win.system.computer", "data.win.eventdata.workstationName",
                "wazuh.agent.host.hostname", "host.name", "host.hostname",
            ]
        case .agentAddress: ["agent.ip", "wazuh.agent.host.ip"]
        case .hostAddress: ["host.ip"]
        case .connectionEnds:
            [
                "data.dstip", "data.dest_ip", "data.dst_ip", "data.destination_address",
                "data.win.eventdata.destinationIp", "data.barracuda.waf.server_ip", "data.srcip", "data.src_ip",
                "data.win.eventdata.sourceIp",
                "data.aws.resource.instanceDetails.networkInterfaces.privateIpAddress", "destination.ip", "server.ip",
                "source.ip",
            ]
        case .users:
            [
                "data.srcuser", "data.dstuser", "data.user", "data.win.eventdata.targetUserName",
                "data.win.eventdata.subjectUserName", "data.win.eventdata.user", "data.aws.userIdentity.userName",
                "data.aws.resource.accessKeyDetails.userName", "data.office365.UserId",
                "data.gcp.protoPayload.authenticationInfo.principalEmail", "data.ms-graph.userPrincipalName",
                "user.name", "client.user.name", "client.user.email", "source.user.name",
            ]
        case .domains:
            [
                "data.dns.rrname", "data.dns.query.rrname", "data.dns.queries.rrname", "data.tls.sni",
                "data.win.eventdata.queryName", "data.win.eventdata.destinationHostname",
                "data.aws.service.action.dnsRequestAction.domain", "data.dnsstat.query", "dns.question.name",
                "destination.domain", "tls.client.server_name",
            ]
        case .userAgents:
            [
                "data.http.http_user_agent", "data.user_agent", "data.browser", "data.userAgent", "data.aws.userAgent",
                "data.office365.UserAgent", "data.gcp.protoPayload.requestMetadata.callerSuppliedUserAgent",
                "data.barracuda.waf.custom_header.user_agent", "user_agent.original",
            ]
        case .decoderNames: ["decoder.name", "decoder.parent"]
        case .groups: ["rule.groups"]
        case .fullLog: ["full_log"]
        case .url: ["data.url"]
        case .method: ["data.protocol"]
        case .host: ["data.hostname"]
        case .route: ["data.route"]
        case .routeMethod: ["data.operation"]
        case .httpVersion: ["data.http_version"]
        case .suricataURL: ["data.http.url"]
        case .suricataHost: ["data.http.hostname"]
        case .suricataMethod: ["data.http.http_method"]
        case .findingURL: ["url.original"]
        case .findingFullURL: ["url.full"]
        case .findingPath: ["url.path"]
        case .findingQuery: ["url.query"]
        case .findingScheme: ["url.scheme"]
        case .findingHost: ["url.domain"]
        case .findingMethod: ["http.request.method"]
        case .md5:
            [
                "syscheck.md5_after", "data.virustotal.source.md5", "data.fileinfo.md5", "data.files.md5", "data.md5",
                "file.hash.md5", "process.hash.md5",
            ]
        case .sha1:
            [
                "syscheck.sha1_after", "data.virustotal.source.sha1", "data.fileinfo.sha1", "data.files.sha1",
                "data.sha1", "file.hash.sha1", "process.hash.sha1",
            ]
        case .sha256:
            [
                "syscheck.sha256_after", "data.virustotal.source.sha256", "data.fileinfo.sha256", "data.files.sha256",
                "data.sha256", "data.office365.SHA256", "data.office365.FileData.SHA256",
                "data.office365.AttachmentData.SHA256", "file.hash.sha256", "process.hash.sha256",
            ]
        case .sysmonHashes: ["data.win.eventdata.hashes"]
        // `GeoLocation` is of an address that came to us.
        case .sourceCountry: ["source.geo.country_iso_code", "source.geo.country_name", "GeoLocation.country_name"]
        case .sourceCity: ["source.geo.city_name", "GeoLocation.city_name"]
        case .sourceSystem: ["source.as.number"]
        case .sourceSystemName: ["source.as.organization.name"]
        case .destinationCountry: ["destination.geo.country_iso_code", "destination.geo.country_name"]
        case .destinationCity: ["destination.geo.city_name"]
        case .destinationSystem: ["destination.as.number"]
        case .destinationSystemName: ["destination.as.organization.name"]
        case .remoteCountry: Self.remote("country.countryName")
        case .remoteCity: Self.remote("city.cityName")
        case .remoteSystem: Self.remote("organization.asn")
        case .remoteSystemName: Self.remote("organization.asnOrg")
        }
    }

    /// What GuardDuty says of the other end, the attacker in either direction, wherever it says it.
    private static func remote(_ field: String) -> [String] {
        ["networkConnectionAction", "awsApiCallAction", "portProbeAction.portProbeDetails"].map {
            "data.aws.service.action.\($0).remoteIpDetails.\(field)"
        }
    }

    /// The tree of all paths. A path belongs to one detail.
    static let tree = JSONPathTree(allCases.flatMap(\.paths))

    /// The numbers of the detail's paths in the tree.
    var numbers: Range<Int> { Self.allNumbers[rawValue] }

    private static let allNumbers: [Range<Int>] = allCases.reduce(into: []) { numbers, detail in
        let start = numbers.last?.upperBound ?? 0
        numbers.append(start..<start + detail.paths.count)
    }
}
