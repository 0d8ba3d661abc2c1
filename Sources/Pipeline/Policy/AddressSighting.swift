package import Timestamps

/// Something that was learned of an address, as it is kept for the next start.
package struct AddressSighting: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// One of our agents is there.
        case agent
        /// Somebody logged in from there.
        case login
        /// An attacker was let through who was new.
        case attacker
    }

    package let kind: Kind
    package let source: SourceKey

    /// When it was seen last; of agents and logins to the day.
    package let seen: Timestamp

    /// The Wazuh rule that named an attacker.
    package let rule: String?

    package init(_ kind: Kind, _ source: SourceKey, seen: Timestamp, rule: String? = nil) {
        self.kind = kind
        self.source = source
        self.seen = seen
        self.rule = rule
    }
}
