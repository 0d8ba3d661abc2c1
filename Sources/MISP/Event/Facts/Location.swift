import GeoIP
import Pipeline
import Wazuh

/// Where some of the attacker's addresses are, and who says so.
struct Location: Sendable {
    let place: GeoPlace
    let addresses: [Evidence.AttackerAddress]
    let witness: Witness

    enum Witness: String, Sendable {
        case database = "according to the GeoIP database"
        case alerts = "according to the alerts"
    }

    /// The name of the country's cluster in MISP's galaxy.
    var country: String? { place.countryCode.flatMap(CountryNames.name(of:)) }
}

extension Location {
    /// One for each place of `attackers`: by the databases, and where these know nothing by the alerts.
    static func all(
        of attackers: Tallies<Evidence.AttackerAddress>, _ databases: GeoDatabases,
        alerts: Tallies<Alert.Place>, words: InternalWords
    ) -> [Location] {
        var addresses: [GeoPlace: [Evidence.AttackerAddress]] = [:]
        for attacker in attackers.values.keys.sorted() {
            addresses[databases.place(of: attacker.address).cleaned, default: []].append(attacker)
        }
        let unknown = addresses.removeValue(forKey: GeoPlace())
        var locations = addresses.map { Location(place: $0.key, addresses: $0.value, witness: .database) }
        if let unknown, let place = alerts.noisiest.first.map({ GeoPlace($0.key, words) }), place != GeoPlace() {
            locations.append(Location(place: place, addresses: unknown, witness: .alerts))
        }
        return locations.sorted { $0.addresses.lexicographicallyPrecedes($1.addresses) }
    }
}

extension GeoPlace {
    /// As MISP can store it. A country that has a code is known by it.
    fileprivate var cleaned: GeoPlace {
        func clean(_ text: String?) -> String? {
            text.map { MISPText.line($0, bytes: 256) }.flatMap { $0.isEmpty ? nil : $0 }
        }
        let code = clean(countryCode) ?? clean(country).flatMap(CountryNames.code(of:))
        return GeoPlace(
            countryCode: code, country: clean(country) ?? code.flatMap(CountryNames.title(of:)), city: clean(city),
            system: system, systemName: clean(systemName))
    }

    /// What an alert says, without what names our own side.
    fileprivate init(_ place: Alert.Place, _ words: InternalWords) {
        func told(_ text: String?) -> String? { text.flatMap { words.occur(in: $0) ? nil : $0 } }
        let code = place.country.flatMap { CountryNames.name(of: $0) == nil ? nil : $0 }
        self =
            GeoPlace(
                countryCode: code, country: code == nil ? told(place.country) : nil, city: told(place.city),
                system: place.system, systemName: told(place.systemName)
            ).cleaned
    }
}
