import JSON

/// What the decoder looks for in an object: a dotted path with a name.
enum Field: Int, CaseIterable, Comparable {
    // What an alert may come wrapped in.
    case envelope, token, hits, innerHits, hitSource, hitIndex, hitID, slackAttachments

    // An alert of Wazuh 4.x.
    case timestamp, indexerTimestamp, id, location, rule, ruleID, ruleLevel, ruleDescription, ruleGroups,
        agentAddress, managerName, clusterNode, decoderName

    // Where its attacker may stand, the best first: what Wazuh itself geolocates, then what other decoders use.
    case srcip, windowsAddress, awsSource, awsClient, guardDutyConnection, awsWebACL, graphAddress, graphActor,
        googleCloud, office365, sourceIP, guardDutyCall, guardDutyProbe, guardDutyProbes, awsSourceAddress, audit,
        azure, barracuda,
        fortinet, paloAlto, windowsAddressCapital, sysmonSource, ip

    // What a request brought along from before its proxies: a claim, which names nobody by itself.
    case forwardedFor, srcip2

    // What tells which end of a connection it was.
    case sysmonDestination, sysmonInitiated, destinationIP, idsAlert, guardDutyDirection, packetDirection, flowSource,
        sourcePort, destinationPort

    // What tells that threat intelligence speaks, not a sensor.
    case integration
    case misp, openCTI, virusTotal, virusTotalIP, abuseIPDB, maltiverse, warnbell

    // A finding of Wazuh 5.x.
    case finding, findingRule, findingRuleID, findingTitle, findingLevel, findingTags,
        findingAgentAddress, findingIntegration, findingDecoders, findingLocation, findingSource, findingClient,
        findingSourceAddress, findingClientAddress, findingDestination, findingCategory, findingDirection,
        findingSourcePort, findingDestinationPort
}

extension Field {
    /// The fields of an alert that may name an attacker.
    static var attackers: ClosedRange<Field> { .srcip ... .ip }

    /// The fields of a finding that may name an attacker.
    static var findingAttackers: ClosedRange<Field> { .findingSource ... .findingClientAddress }

    /// The objects that integrations with threat intelligence put their results in.
    static var enrichments: ClosedRange<Field> { .misp ... .warnbell }

    static func < (left: Field, right: Field) -> Bool { left.rawValue < right.rawValue }

    /// All paths, so that a field's number is its path's.
    static let tree = JSONPathTree(allCases.map(\.path))

    /// The field as Wazuh names it: `data.srcip`.
    var path: String {
        switch self {
        case .envelope: "all_fields"
        case .token: "warnbell_token"
        case .hits: "hits"
        case .innerHits: "hits.hits"
        case .hitSource: "_source"
        case .hitIndex: "_index"
        case .hitID: "_id"
        case .slackAttachments: "attachments"
        case .timestamp: "timestamp"
        case .indexerTimestamp: "@timestamp"
        case .id: "id"
        case .location: "location"
        case .rule: "rule"
        case .ruleID: "rule.id"
        case .ruleLevel: "rule.level"
        case .ruleDescription: "rule.description"
        case .ruleGroups: "rule.groups"
        case .agentAddress: "agent.ip"
        case .managerName: "manager.name"
        case .clusterNode: "cluster.node"
        case .decoderName: "decoder.name"
        case .srcip: "data.srcip"
        case .windowsAddress: "data.win.eventdata.ipAddress"
        case .awsSource: "data.aws.sourceIPAddress"
        case .awsClient: "data.aws.client_ip"
        case .guardDutyConnection: "data.aws.service.action.networkConnectionAction.remoteIpDetails.ipAddressV4"
        case .awsWebACL: "data.aws.httpRequest.clientIp"
        case .graphAddress: "data.ms-graph.ipAddress"
        case .graphActor: "data.ms-graph.actor.ipAddress"
        case .googleCloud: "data.gcp.jsonPayload.sourceIP"
        case .office365: "data.office365.ClientIP"
        case .sourceIP: "data.src_ip"
        case .guardDutyCall: "data.aws.service.action.awsApiCallAction.remoteIpDetails.ipAddressV4"
        case .guardDutyProbe: "data.aws.service.action.portProbeAction.portProbeDetails.remoteIpDetails.ipAddressV4"
        case .awsSourceAddress: "data.aws.source_ip_address"
        case .audit: "data.audit.srcip"
        case .azure: "data.CallerIpAddress"
        case .barracuda: "data.barracuda.waf.client_ip"
        case .fortinet: "data.remip"
        case .paloAlto: "data.source_address"
        case .forwardedFor: "data.xff_address"
        case .srcip2: "data.srcip2"
        case .windowsAddressCapital: "data.win.eventdata.IpAddress"
        case .sysmonSource: "data.win.eventdata.sourceIp"
        case .ip: "data.ip"
        case .sysmonDestination: "data.win.eventdata.destinationIp"
        case .sysmonInitiated: "data.win.eventdata.initiated"
        case .destinationIP: "data.dest_ip"
        case .idsAlert: "data.alert"
        case .packetDirection: "data.direction"
        case .flowSource: "data.flow.src_ip"
        case .sourcePort: "data.src_port"
        case .destinationPort: "data.dest_port"
        case .guardDutyDirection: "data.aws.service.action.networkConnectionAction.connectionDirection"
        case .guardDutyProbes: "data.aws.service.action.portProbeAction.portProbeDetails"
        case .integration: "data.integration"
        case .misp: "data.misp"
        case .openCTI: "data.opencti"
        case .virusTotal: "data.virustotal"
        case .virusTotalIP: "data.virustotal_ip"
        case .abuseIPDB: "data.abuseipdb"
        case .maltiverse: "data.maltiverse"
        case .warnbell: "data.warnbell"
        case .finding: "wazuh"
        case .findingRule: "wazuh.rule"
        case .findingRuleID: "wazuh.rule.id"
        case .findingTitle: "wazuh.rule.title"
        case .findingLevel: "wazuh.rule.level"
        case .findingTags: "wazuh.rule.tags"
        case .findingAgentAddress: "wazuh.agent.host.ip"
        case .findingIntegration: "wazuh.integration.name"
        case .findingDecoders: "wazuh.integration.decoders"
        case .findingLocation: "log.file.path"
        case .findingSource: "source.ip"
        case .findingClient: "client.ip"
        case .findingSourceAddress: "source.address"
        case .findingClientAddress: "client.address"
        case .findingDestination: "destination.ip"
        case .findingCategory: "event.category"
        case .findingDirection: "network.direction"
        case .findingSourcePort: "source.port"
        case .findingDestinationPort: "destination.port"
        }
    }
}
