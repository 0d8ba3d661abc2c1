import JSON
import Wazuh

/// Feeds the alert decoder with whatever libFuzzer thinks of, and checks what must hold for any input: what is kept of
/// an alert is an alert, the same one, without the sender's secret; and everything can be asked of it.
@c(LLVMFuzzerTestOneInput)
func fuzzAlerts(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    var decoder = AlertDecoder(limits: AlertLimits(alerts: 64))
    do {
        let decoded = try decoder.decode(bytes.span)
        precondition(decoded.alerts.count + decoded.rejected.count <= 64)
        for rejection in decoded.rejected {
            precondition(rejection.index < 64)
            if case .malformed(let error) = rejection.reason { precondition((0...count).contains(error.offset)) }
            _ = "\(rejection.reason)"
        }
        for alert in decoded.alerts { check(alert, &decoder) }
    } catch {
        if case .malformed(let reason) = error { precondition((0...count).contains(reason.offset)) }
        _ = "\(error)"
    }
    return 0
}

private func check(_ alert: Alert, _ decoder: inout AlertDecoder) {
    do {
        let again = try decoder.restore(alert.bytes, identity: alert.identity)
        precondition(again.attacker == alert.attacker && again.level == alert.level && again.format == alert.format)
        precondition(again.timestamp == alert.timestamp && again.isEnrichment == alert.isEnrichment)
        let alone = try decoder.decode(alert.bytes.span)
        precondition(alone.alerts.count == 1 && alone.token == nil)
        let root = try JSONDocument(alert.bytes).root
        precondition(root["warnbell_token"] == nil)
    } catch {
        preconditionFailure("what was kept is refused: \(error)")
    }
    precondition((0...16).contains(alert.level))
    precondition(!alert.isEnrichment || alert.attacker == nil)
    precondition(alert.agentAddress.map { alert.agentAddresses.contains($0) } ?? true)
    let details = alert.details
    _ = (alert.ruleID, alert.ruleDescription, alert.groups, alert.decoder, alert.location)
    _ = (details.agentID, details.agentName, details.managerName, alert.agentAddresses, alert.forwardedFor)
    _ = (details.techniques, details.techniqueNames, details.tactics, details.requests, details.userAgents)
    _ = (details.hashes, details.domains, details.users, details.targets, details.values(at: "data.srcip"))
    alert.withRuleBytes { id, groups in precondition(id.count + groups.count <= alert.bytes.count) }
}
