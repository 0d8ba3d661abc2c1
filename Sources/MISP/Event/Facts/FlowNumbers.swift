import IPAddresses
import Pipeline
import Timestamps

/// What Netflow says of an attacker's address, without saying of whom: numbers only.
struct FlowNumbers: Sendable, Equatable {
    let address: IPAddress
    let flowRecords: Int
    let hosts: Int
    let conversations: Int
    let answered: Int
    let sent: FlowFindings.Volume
    let received: FlowFindings.Volume
    let first: Timestamp?
    let last: Timestamp?
    let isComplete: Bool

    init(_ findings: FlowFindings) {
        address = findings.address
        flowRecords = findings.flowRecords
        let sums = findings.sums
        hosts = sums.hosts
        conversations = sums.conversations
        answered = sums.answered
        sent = findings.sent
        received = findings.received
        first = findings.first
        last = findings.last
        isComplete = findings.incomplete.isEmpty
    }
}
