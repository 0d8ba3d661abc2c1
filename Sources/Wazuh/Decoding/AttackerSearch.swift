import IPAddresses
import JSON

/// Looks for the address that an alert accuses.
struct AttackerSearch {
    /// The first address that may be a stranger's, or else the first at all.
    private(set) var best: Attacker?

    /// The fields of a 4.x alert that may name an attacker, best first: those that Wazuh itself geolocates, then
    /// what other decoders and integrations use.
    private static let candidates: [Field] = [
        .srcip, .windowsAddress, .awsSource, .awsClient, .guardDutyConnection, .awsWebACL, .graphAddress, .graphActor,
        .googleCloud, .office365, .sourceIP, .guardDutyCall, .guardDutyProbe, .awsSourceAddress, .audit, .azure,
        .barracuda, .fortinet, .paloAlto, .forwardedFor, .srcip2, .windowsAddressCapital, .sysmonSource, .ip,
    ]

    private static let findingCandidates: [Field] = [
        .findingSource, .findingClient, .findingSourceAddress, .findingClientAddress,
    ]

    /// The attacker of the alert that `reader` walked last.
    static func attacker(_ format: Alert.Format, _ reader: FieldReader, _ bytes: Span<UInt8>) -> Attacker? {
        var search = AttackerSearch()
        switch format {
        case .alert:
            for field in candidates where reader[field] != nil || field == .guardDutyProbe {
                if search.take(field, reader, bytes) { break }
            }
            search.turnOutbound(reader, bytes)
        case .finding:
            for field in findingCandidates where reader[field] != nil {
                if search.take(field, reader, bytes) { break }
            }
            search.turnOutboundFinding(reader, bytes)
        }
        return search.best
    }

    /// Considers what the field holds; true when nothing better can come.
    private mutating func take(_ field: Field, _ reader: FieldReader, _ bytes: Span<UInt8>) -> Bool {
        switch field {
        case .sysmonSource:
            return takeSysmon(reader, bytes)
        case .guardDutyProbe:
            return takeProbes(reader, bytes)
        case .forwardedFor:
            return reader.forwardedFor(bytes).map { consider($0, .source, field.path) } ?? false
        default:
            let role: Attacker.Role =
                field == .guardDutyConnection && reader.isText(.guardDutyDirection, "OUTBOUND", bytes)
                ? .destination : .source
            return reader.firstAddress(field, bytes).map { consider($0, role, field.path) } ?? false
        }
    }

    /// Keeps `address` if it is better than what there is; true when it may be a stranger's.
    private mutating func consider(_ address: IPAddress, _ role: Attacker.Role, _ field: String) -> Bool {
        let mayBeForeign = address.mayBeForeign
        if best == nil || mayBeForeign { best = Attacker(address: address, role: role, field: field) }
        return mayBeForeign
    }

    /// Sysmon's event 3 tells who opened the connection: where our host did, its own address accuses nobody.
    private mutating func takeSysmon(_ reader: FieldReader, _ bytes: Span<UInt8>) -> Bool {
        if reader.isText(.sysmonInitiated, "true", bytes),
            let destination = reader.firstAddress(.sysmonDestination, bytes), destination.mayBeForeign
        {
            return consider(destination, .destination, Field.sysmonDestination.path)
        }
        return reader.firstAddress(.sysmonSource, bytes).map { consider($0, .source, Field.sysmonSource.path) } ?? false
    }

    /// GuardDuty writes one probe as an object and several as an array of them.
    private mutating func takeProbes(_ reader: FieldReader, _ bytes: Span<UInt8>) -> Bool {
        for address in reader.probeAddresses(bytes)
        where consider(address, .source, Field.guardDutyProbe.path) {
            return true
        }
        return false
    }

    /// Where one of ours went to a stranger and a detector objected, the stranger is the attacker.
    private mutating func turnOutbound(_ reader: FieldReader, _ bytes: Span<UInt8>) {
        switch best?.field {
        case Field.sourceIP.path where reader.node(.idsAlert, .object) != nil:
            turnOutbound(to: .destinationIP, reader, bytes)
        case Field.sysmonSource.path:
            turnOutbound(to: .sysmonDestination, reader, bytes)
        default:
            return
        }
    }

    private mutating func turnOutboundFinding(_ reader: FieldReader, _ bytes: Span<UInt8>) {
        let isOutbound =
            reader.isText(.findingDirection, "outbound", bytes)
            || reader.isText(.findingDirection, "egress", bytes)
            || reader.isText(.findingCategory, "intrusion_detection", bytes)
        if isOutbound { turnOutbound(to: .findingDestination, reader, bytes) }
    }

    private mutating func turnOutbound(to field: Field, _ reader: FieldReader, _ bytes: Span<UInt8>) {
        guard let source = best, source.address.isLocal, let address = reader.firstAddress(field, bytes),
            address.mayBeForeign
        else { return }
        best = Attacker(address: address, role: .destination, field: field.path)
    }
}

extension FieldReader {
    /// The address that a request brought along from before a proxy.
    func forwardedFor(_ bytes: Span<UInt8>) -> IPAddress? {
        guard let index = self[.forwardedFor] else { return nil }
        return firstAddress(index, bytes, AddressText.parseForwarded)
    }

    /// The first address in a field that may be a stranger's, or else the first at all.
    func firstAddress(_ field: Field, _ bytes: Span<UInt8>) -> IPAddress? {
        guard let index = self[field] else { return nil }
        return firstAddress(index, bytes, AddressText.parse)
    }

    fileprivate func probeAddresses(_ bytes: Span<UInt8>) -> [IPAddress] {
        guard let probes = self[.guardDutyProbes], tape[probes].kind == .array else {
            return firstAddress(.guardDutyProbe, bytes).map { [$0] } ?? []
        }
        var addresses: [IPAddress] = []
        var element = probes + 1
        while element < tape[probes].next {
            if let details = member("remoteIpDetails", of: element, bytes),
                let address = member("ipAddressV4", of: details, bytes)
            {
                firstAddress(address, bytes, AddressText.parse).map { addresses.append($0) }
            }
            element = Int(tape[element].next)
        }
        return addresses
    }

    private func firstAddress(
        _ index: Int, _ bytes: Span<UInt8>, _ parse: (Span<UInt8>) -> IPAddress?
    ) -> IPAddress? {
        var first: IPAddress?
        forEachString(index) { node in
            guard let address = withText(node, bytes, parse) else { return true }
            let mayBeForeign = address.mayBeForeign
            if first == nil || mayBeForeign { first = address }
            return !mayBeForeign
        }
        return first
    }
}
