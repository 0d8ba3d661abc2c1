import IPAddresses
import JSON

/// Which way a packet went in its connection. A detector's source and destination are those of the packet that it
/// objected to, which may be a server's answer.
enum Packet {
    /// From the side that opened the connection, as far as anything tells.
    case request
    /// To it.
    case answer
    /// To it, by the ports alone.
    case likelyAnswer
}

extension FieldReader {
    /// Which way the packet of Suricata's alert went. Suricata 7 says so, and who opened the flow; before it there are
    /// the ports alone.
    func packet(_ bytes: Span<UInt8>) -> Packet {
        if isText(.packetDirection, "to_client", bytes) { return .answer }
        if isText(.packetDirection, "to_server", bytes) { return .request }
        if let opener = firstAddress(.flowSource, bytes) {
            if opener == firstAddress(.sourceIP, bytes) { return .request }
            if opener == firstAddress(.destinationIP, bytes) { return .answer }
        }
        return packet(from: .sourcePort, to: .destinationPort, bytes)
    }

    /// The same of a finding.
    func findingPacket(_ bytes: Span<UInt8>) -> Packet {
        if isOutbound(bytes) { return .request }
        if isText(.findingDirection, "inbound", bytes) || isText(.findingDirection, "ingress", bytes) {
            return .likelyAnswer
        }
        return packet(from: .findingSourcePort, to: .findingDestinationPort, bytes)
    }

    /// Clients call from the ports that their systems hand out, mostly from 32,768 on, and system ports answer
    /// (RFC 6335 section 6). In doubt it is an answer: then no name in it counts as the attacker's.
    private func packet(from source: Field, to destination: Field, _ bytes: Span<UInt8>) -> Packet {
        guard let source = number(source, bytes), let destination = number(destination, bytes) else { return .request }
        return source < 32_768 && destination >= 1024 ? .likelyAnswer : .request
    }

    /// Whether a finding is about a connection that one of ours opened, or any that an intrusion detector saw.
    func isDetection(_ bytes: Span<UInt8>) -> Bool {
        isOutbound(bytes) || isText(.findingCategory, "intrusion_detection", bytes)
    }

    private func isOutbound(_ bytes: Span<UInt8>) -> Bool {
        isText(.findingDirection, "outbound", bytes) || isText(.findingDirection, "egress", bytes)
    }

    /// A number up to five digits, as such or as text.
    private func number(_ field: Field, _ bytes: Span<UInt8>) -> Int? {
        guard let node = scalar(field) else { return nil }
        return withText(node, bytes) { text in
            guard (1...5).contains(text.count) else { return nil }
            var number = 0
            for index in text.indices {
                guard (48...57).contains(text[index]) else { return nil }
                number = 10 * number + Int(text[index] - 48)
            }
            return number
        }
    }
}
