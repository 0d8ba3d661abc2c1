package import IPAddresses

/// The foreign address that an alert accuses, and where the alert names it.
package struct Attacker: Hashable, Sendable {
    package let address: IPAddress
    package let role: Role

    /// The dotted path of the field, as Wazuh names it: `data.srcip`.
    package let field: String

    /// Which end of the connection the attacker was.
    package enum Role: String, Hashable, Sendable, Codable {
        /// It came to us.
        case source
        /// One of ours went to it.
        case destination
    }

    package init(address: IPAddress, role: Role, field: String) {
        self.address = address
        self.role = role
        self.field = field
    }
}
