package import IPAddresses
package import Timestamps

/// One alert of Wazuh's: what the decision about it needs, and its own bytes for all else.
///
/// What is stored here was read in the pass that checked the bytes. Everything a person may ask for beyond that is
/// read from the bytes on demand: ``details`` does so once for many questions.
package struct Alert: Sendable {
    /// The alert object alone, as it came, without wrapping and without a `warnbell_token`.
    package let bytes: [UInt8]

    package let format: Format
    package let identity: AlertIdentity

    /// The alert's own time; nil where it names none.
    package let timestamp: Timestamp?

    /// The rule's level, 0 to 16.
    package let level: Int

    /// Whom the alert accuses; nil where it names nobody, and for enrichment alerts.
    package let attacker: Attacker?

    /// Whether the alert comes from threat intelligence or from our own feedback instead of a sensor.
    package let isEnrichment: Bool

    /// The agent's address, a foreign one rather than a local one where it has several; nil for the manager itself
    /// and for agents registered with `any`.
    package let agentAddress: IPAddress?

    let parts: Parts

    /// What wrote the alert.
    package enum Format: String, Sendable {
        /// The rule engine of Wazuh 4.x.
        case alert
        /// The Security Analytics of Wazuh 5.x.
        case finding
    }

    /// Where in ``bytes`` the values stand that are asked for most; empty where there is none.
    struct Parts: Sendable {
        var ruleID = ByteRange()
        var ruleDescription = ByteRange()
        var groups = ByteRange()
        var decoder = ByteRange()
        var location = ByteRange()
        var agentAddress = ByteRange()
        var forwardedFor = ByteRange()
        var srcip2 = ByteRange()
    }
}

/// A piece of an alert's bytes.
struct ByteRange: Sendable {
    var start: UInt32 = 0
    var end: UInt32 = 0

    var isEmpty: Bool { start == end }
    var range: Range<Int> { Int(start)..<Int(end) }
}
