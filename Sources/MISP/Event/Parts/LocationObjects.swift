import FoundationEssentials
import GeoIP
import Pipeline

/// Where the attacker's addresses are, as objects of MISP's `geolocation` and `asn` templates.
struct LocationObjects {
    let locations: [Location]
    /// The attributes of the attacker's addresses.
    let attackers: [Attribute]

    func compose(_ ledger: inout ItemLedger) -> [Object] {
        locations.flatMap { location -> [Object] in
            let addresses = Set(location.addresses.map { "\($0.address)" })
            let targets = attackers.filter { addresses.contains($0.value) }.map(\.uuid.uuid)
            return [geolocation(location, targets, &ledger), system(location, targets, &ledger)].compactMap(\.self)
        }
    }

    private func geolocation(_ location: Location, _ targets: [UUID], _ ledger: inout ItemLedger) -> Object? {
        let place = location.place
        guard let country = place.countryCode ?? place.country ?? place.city else { return nil }
        return Object(
            .geolocation, key: [country, place.city].compactMap(\.self).joined(separator: "|"),
            comment: location.witness.rawValue,
            fields: [
                (.text, "country", place.country), (.text, "countrycode", place.countryCode),
                (.text, "city", place.city),
            ],
            links: targets.map { ObjectLink(relationship: .characterizes, target: $0) }, &ledger)
    }

    private func system(_ location: Location, _ targets: [UUID], _ ledger: inout ItemLedger) -> Object? {
        guard let number = location.place.system else { return nil }
        return Object(
            .autonomousSystem, key: String(number), comment: location.witness.rawValue,
            fields: [
                (.autonomousSystem, "asn", String(number)), (.text, "description", location.place.systemName),
            ],
            links: targets.map { ObjectLink(relationship: .includes, target: $0) }, &ledger)
    }
}
