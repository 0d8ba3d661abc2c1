/// A label of an event. MISP finds it by its name, and makes it with this colour where it does not exist.
package struct Tag: Sendable, Hashable, Codable {
    package var name: String
    package var colour: String

    package init(name: String, colour: String = "#5f6a72") {
        self.name = name
        self.colour = colour
    }

    /// That no person looked at the event before it was made.
    package static let unsupervised = Tag(name: "misp:automation-level=\"unsupervised\"")

    /// The cluster of MISP's galaxy for a country, by the cluster's own name: `misp-galaxy:country="germany"`.
    package init(country: String) {
        self.init(name: "misp-galaxy:country=\"\(country)\"", colour: "#0088cc")
    }

    /// The cluster of MISP's galaxy for an ATT&CK technique: `misp-galaxy:mitre-attack-pattern="Brute Force - T1110"`.
    ///
    /// Nil for an id that the table does not know: a misspelt cluster would become a tag that means nothing.
    package init?(technique id: String) {
        guard let name = AttackTechniques.name(of: id) else { return nil }
        self.init(name: "misp-galaxy:mitre-attack-pattern=\"\(name) - \(id)\"", colour: "#0088cc")
    }
}
