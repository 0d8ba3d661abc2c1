import FoundationEssentials
import Pipeline
import Wazuh

/// The noisiest requests as objects of MISP's `http-request` template: what was asked for, how, and by what.
struct RequestObjects {
    let requests: [WebRequest]
    /// The attributes of the attacker's addresses.
    let attackers: [Attribute]
    let limit: Int

    func compose(_ ledger: inout ItemLedger) -> [Object] {
        let known = requests.filter { ledger.isKnown($0.name) }
        let new = requests.filter { !ledger.isKnown($0.name) }
        return (known + new.prefix(max(0, limit - known.count))).compactMap { object($0, &ledger) }
    }

    private func object(_ request: WebRequest, _ ledger: inout ItemLedger) -> Object? {
        let type: AttributeType = request.role == .source ? .ipSource : .ipDestination
        let ends = attackers.filter { $0.type == type }
        let relationship: ObjectReference.Relationship = request.role == .source ? .initiatedBy : .connectedTo
        let object = request.name.id(in: ledger.event)
        // Of several addresses it is not known which one asked, but for what was said when there was one.
        let end =
            ledger.isKnown(request.name)
            ? ends.first { end in
                ledger.isKnown(
                    .reference(object: object, relationship: relationship.rawValue, target: end.uuid.uuid))
            } : ends.count == 1 ? ends.first : nil
        return Object(
            .httpRequest, key: request.objectKey, comment: alertCount(request.tally.count),
            fields: [
                (.httpMethod, "method", request.method),
                (request.target.type, request.target.type.rawValue, request.target.value),
                (.userAgent, "user-agent", request.userAgent),
                (type, type.rawValue, end?.value),
            ],
            links: end.map { [ObjectLink(relationship: relationship, target: $0.uuid.uuid)] } ?? [], &ledger)
    }
}

extension WebRequest {
    /// `GET|uri|/wp-login.php`
    fileprivate var objectKey: String { "\(method ?? "")|\(target.type.rawValue)|\(target.value)" }

    fileprivate var name: ItemName { .object(template: Object.Template.httpRequest.name, key: objectKey) }
}
