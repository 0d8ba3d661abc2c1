import IPAddresses
import Pipeline
import Timestamps

/// The strongest conversations of an attacker as objects of MISP's `netflow` template, for our organisation only.
///
/// They are this program's own record, so what Netflow says anew replaces what it said before.
struct NetflowObjects {
    let facts: InternalFacts
    let limit: Int

    func compose(_ ledger: inout ItemLedger) -> [Object] {
        let earlier = Dictionary(
            Self.conversations(facts.earlierFlows).map { ($0.key, $0.peer) }, uniquingKeysWith: { $1 })
        let sorted = Self.conversations(facts.flows).sorted { $0.isStronger(than: $1) }
        let known = sorted.filter { ledger.isKnown($0.name) }
        let new = sorted.filter { !ledger.isKnown($0.name) }
        return (known + new.prefix(max(0, limit - known.count))).map { conversation in
            object(conversation, isUnchanged: earlier[conversation.key] == conversation.peer, &ledger)
        }
    }

    private static func conversations(_ flows: [FlowFindings]) -> [Conversation] {
        flows.flatMap { findings in findings.peers.map { Conversation(attacker: findings.address, peer: $0) } }
    }

    private func object(_ conversation: Conversation, isUnchanged: Bool, _ ledger: inout ItemLedger) -> Object {
        func item(_ name: ItemName) -> Composition.Item {
            isUnchanged ? ledger.enter(name) ?? ledger.renew(name) : ledger.renew(name)
        }
        let object = item(conversation.name)
        return Object(
            uuid: WireUUID(object.id), template: .netflow, distribution: .organisation,
            comment: conversation.peer.initiator == .attacker ? "opened by the attacker" : "opened by our side",
            timestamp: WireSeconds(object.timestamp),
            attributes: conversation.fields.map { type, relation, value in
                let field = item(.objectAttribute(object: object.id, relation: relation, index: 0))
                return Attribute(
                    uuid: WireUUID(field.id), type: type, category: type.category, value: value, comment: "",
                    toIDs: false, disableCorrelation: true, distribution: .organisation,
                    timestamp: WireSeconds(field.timestamp), relation: relation)
            })
    }

    private struct Conversation {
        let attacker: IPAddress
        let peer: FlowFindings.Peer

        var key: String {
            "\(attacker)|\(peer.peer)|\(peer.transport)|\(peer.port)|\(peer.initiator.rawValue)"
        }

        var name: ItemName { .object(template: Object.Template.netflow.name, key: key) }

        func isStronger(than other: Conversation) -> Bool {
            peer.strength == other.peer.strength ? key < other.key : peer.strength > other.peer.strength
        }

        /// Type, relation and value, by the template.
        var fields: [(AttributeType, String, String)] {
            let isOutward = peer.initiator == .internal
            let port: [(AttributeType, String, String)] =
                (1...65_535).contains(peer.port) ? [(.port, "dst-port", String(peer.port))] : []
            return [
                (.ipSource, "ip-src", "\(isOutward ? peer.peer : attacker)"),
                (.ipDestination, "ip-dst", "\(isOutward ? attacker : peer.peer)"),
            ] + port + [
                (.text, "protocol", protocolName(peer.transport)),
                (.integer, "ip-protocol-number", String(peer.transport)),
                (.datetime, "first-packet-seen", peer.first.mispDatetime),
                (.datetime, "last-packet-seen", peer.last.mispDatetime),
                (.counter, "flow-count", String(peer.conversations)),
                (.counter, "packet-count", String(peer.sent.packets + peer.received.packets)),
                (.sizeInBytes, "byte-count", String(peer.sent.bytes + peer.received.bytes)),
            ]
        }
    }
}

extension Timestamp {
    /// As MISP stores a `datetime`, so that what it answers is what was sent.
    fileprivate var mispDatetime: String { iso8601.dropLast() + "000+0000" }
}
