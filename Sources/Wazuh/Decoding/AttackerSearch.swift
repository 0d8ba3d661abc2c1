import IPAddresses
import JSON

/// Looks for the address that an alert accuses.
struct AttackerSearch {
    /// The first address that may be a stranger's, or else the first at all.
    private var best: Attacker?

    /// The attacker of the alert that `reader` walked last.
    static func attacker(_ format: Alert.Format, _ reader: FieldReader, _ bytes: Span<UInt8>) -> Attacker? {
        var search = AttackerSearch()
        let fields = format == .alert ? Field.attackers : Field.findingAttackers
        _ = reader.first(in: fields) { search.take($0, reader, bytes) }
        search.turnOutbound(reader, bytes)
        return search.best
    }

    /// Considers what the field holds; true when nothing better can come.
    private mutating func take(_ field: Field, _ reader: FieldReader, _ bytes: Span<UInt8>) -> Bool {
        switch field {
        case .guardDutyConnection where reader.isText(.guardDutyDirection, "OUTBOUND", bytes):
            return consider(reader.firstAddress(field, bytes), .destination, field)
        case .guardDutyProbes:
            return takeProbes(reader, bytes)
        case .sysmonSource:
            return takeSysmon(reader, bytes)
        default:
            return consider(reader.firstAddress(field, bytes), .source, field)
        }
    }

    /// Keeps `address` if it is better than what there is; true when it may be a stranger's.
    private mutating func consider(_ address: IPAddress?, _ role: Attacker.Role, _ field: Field) -> Bool {
        guard let address else { return false }
        let mayBeForeign = address.mayBeForeign
        if best == nil || mayBeForeign { best = Attacker(address: address, role: role, field: field.path) }
        return mayBeForeign
    }

    /// Sysmon's event 3 tells who opened the connection: where our host did, its own address accuses nobody.
    private mutating func takeSysmon(_ reader: FieldReader, _ bytes: Span<UInt8>) -> Bool {
        if reader.isText(.sysmonInitiated, "true", bytes),
            let destination = reader.firstAddress(.sysmonDestination, bytes), destination.mayBeForeign
        {
            return consider(destination, .destination, .sysmonDestination)
        }
        return consider(reader.firstAddress(.sysmonSource, bytes), .source, .sysmonSource)
    }

    /// GuardDuty writes one probe as an object, whose address has a field of its own, and several as an array.
    private mutating func takeProbes(_ reader: FieldReader, _ bytes: Span<UInt8>) -> Bool {
        guard let probes = reader[.guardDutyProbes], reader.isArray(.guardDutyProbes) else { return false }
        var element = probes + 1
        while element < reader.tape[probes].next {
            if let details = reader.member("remoteIpDetails", of: element, bytes),
                let address = reader.member("ipAddressV4", of: details, bytes),
                consider(reader.firstAddress(at: address, bytes, AddressText.parse), .source, .guardDutyProbe)
            {
                return true
            }
            element = Int(reader.tape[element].next)
        }
        return false
    }

    /// Where a detector tells of a connection between one of ours and a stranger, the stranger is the attacker, in the
    /// role that it had in the connection.
    private mutating func turnOutbound(_ reader: FieldReader, _ bytes: Span<UInt8>) {
        guard let named = best, named.role == .source else { return }
        switch named.field {
        case Field.sourceIP.path where reader.isObject(.idsAlert):
            turnPacket(named, reader.packet(bytes), .destinationIP, reader, bytes)
        case Field.sysmonSource.path:
            turnPacket(named, .request, .sysmonDestination, reader, bytes)
        case Field.findingSource.path where reader.isDetection(bytes):
            turnPacket(named, reader.findingPacket(bytes), .findingDestination, reader, bytes)
        default:
            return
        }
    }

    /// Names the foreign end of a packet. Whoever opened the connection came as a source, and whoever was called is a
    /// destination.
    private mutating func turnPacket(
        _ sender: Attacker, _ packet: Packet, _ receiver: Field, _ reader: FieldReader, _ bytes: Span<UInt8>
    ) {
        if sender.address.mayBeForeign {
            // A port proves nothing here: a stranger chooses the one that it calls from.
            if packet == .answer, reader.firstAddress(receiver, bytes)?.isLocal == true {
                best = Attacker(address: sender.address, role: .destination, field: sender.field)
            }
        } else if sender.address.isLocal, let address = reader.firstAddress(receiver, bytes), address.mayBeForeign {
            let role: Attacker.Role = packet == .request ? .destination : .source
            best = Attacker(address: address, role: role, field: receiver.path)
        }
    }
}

extension FieldReader {
    /// The agent's own address.
    func agentAddress(_ format: Alert.Format, _ bytes: Span<UInt8>) -> IPAddress? {
        firstAddress(format == .alert ? .agentAddress : .findingAgentAddress, bytes)
    }

    /// The first address in a field that may be a stranger's, or else the first at all.
    func firstAddress(_ field: Field, _ bytes: Span<UInt8>) -> IPAddress? {
        guard let node = node(field) else { return nil }
        if case .string = node.kind, !node.hasEscapes {
            return AddressText.parse(bytes.extracting(Int(node.start)..<Int(node.end)))
        }
        return self[field].flatMap { firstAddress(at: $0, bytes, AddressText.parse) }
    }

    fileprivate func firstAddress(
        at index: Int, _ bytes: Span<UInt8>, _ parse: (Span<UInt8>) -> IPAddress?
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
