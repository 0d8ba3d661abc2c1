extension Alert {
    /// Where an alert says that its attacker is. Looked up by Wazuh's indexer or by a cloud, not by ourselves.
    package struct Place: Hashable, Comparable, Sendable, Codable {
        /// A name in English or an ISO 3166 code, as the alert has it.
        package let country: String?
        package let city: String?

        /// The number of the autonomous system.
        package let system: UInt32?
        package let systemName: String?

        package init(country: String? = nil, city: String? = nil, system: UInt32? = nil, systemName: String? = nil) {
            self.country = country
            self.city = city
            self.system = system
            self.systemName = systemName
        }

        package static func < (left: Self, right: Self) -> Bool { left.order < right.order }

        private var order: (String, String, UInt32, String) {
            (country ?? "", city ?? "", system ?? 0, systemName ?? "")
        }
    }
}

extension AlertDetails {
    /// Where the attacker is; nil where the alert does not say it, or names several places.
    package var place: Alert.Place? {
        guard let role = attacker?.role else { return nil }
        let isSource = role == .source
        let place = Alert.Place(
            country: one(isSource ? .sourceCountry : .destinationCountry, .remoteCountry),
            city: one(isSource ? .sourceCity : .destinationCity, .remoteCity),
            system: one(isSource ? .sourceSystem : .destinationSystem, .remoteSystem).flatMap { UInt32($0) },
            systemName: one(isSource ? .sourceSystemName : .destinationSystemName, .remoteSystemName))
        return place == Alert.Place() ? nil : place
    }

    /// The one thing that the first path which leads to anything says; longer is no name.
    private func one(_ detail: Detail, _ other: Detail) -> String? {
        let preferred = preferredTexts(detail)
        let texts = (preferred.isEmpty ? preferredTexts(other) : preferred).withoutDoubles
        return texts.count == 1 && texts[0].utf8.count <= 128 ? texts[0] : nil
    }
}
