/// Where an address is, in the words of databases; nil for what they don't say.
package struct GeoPlace: Hashable, Sendable {
    /// ISO 3166: `DE`.
    package var countryCode: String?
    /// In English: `Germany`.
    package var country: String?
    package var city: String?

    /// The number of the autonomous system that announces the address.
    package var system: UInt32?
    package var systemName: String?

    package init(
        countryCode: String? = nil, country: String? = nil, city: String? = nil, system: UInt32? = nil,
        systemName: String? = nil
    ) {
        self.countryCode = countryCode
        self.country = country
        self.city = city
        self.system = system
        self.systemName = systemName
    }

    /// With what another says where this says nothing. Country and city stay together, and number and name of a
    /// system do: two databases need not agree.
    func completed(by other: GeoPlace) -> GeoPlace {
        var place = self
        if countryCode == nil && country == nil {
            place.countryCode = other.countryCode
            place.country = other.country
            place.city = other.city
        } else if city == nil, countryCode != nil, countryCode == other.countryCode {
            place.city = other.city
        }
        if system == nil {
            place.system = other.system
            place.systemName = other.systemName
        }
        return place
    }
}
