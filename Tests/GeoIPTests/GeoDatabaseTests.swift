import Foundation
import IPAddresses
import TestKit
import Testing

@testable import GeoIP

struct GeoDatabaseTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func cities() throws -> String {
        var file = GeoDatabaseFile()
        let berlin: [String: GeoDatabaseFile.Value] = [
            "country": ["iso_code": "DE", "names": ["en": "Germany", "de": "Deutschland"]],
            "city": ["names": ["en": "Berlin"]],
        ]
        file.add(v4: 0xcb00_7100, length: 24, berlin)  // 203.0.113.0/24
        file.add(v4: 0xc633_6400, length: 24, ["country": ["iso_code": "FR", "names": ["en": "France"]]])
        file.add(v6: 0x2001_0db8 << 96, length: 32, berlin)
        return try folder.write(Data(file.bytes), to: "cities.mmdb")
    }

    private func systems() throws -> String {
        var file = GeoDatabaseFile(type: "Test-ASN")
        file.add(
            v4: 0xcb00_7100, length: 24,
            ["autonomous_system_number": 64500, "autonomous_system_organization": "Example Net"])
        return try folder.write(Data(file.bytes), to: "systems.mmdb")
    }

    private func place(_ address: String, _ paths: [String]) throws -> GeoPlace {
        try GeoDatabases(paths: paths).place(of: try #require(IPAddress(address)))
    }

    @Test(
        "An address is looked up by its network",
        arguments: [
            ("203.0.113.0", "DE"), ("203.0.113.255", "DE"), ("203.0.114.0", nil), ("198.51.100.7", "FR"),
            ("::ffff:203.0.113.9", "DE"), ("2001:db8::1", "DE"), ("2001:db9::1", nil),
        ] as [(String, String?)])
    func networks(address: String, code: String?) throws {
        #expect(try place(address, [cities()]).countryCode == code)
    }

    @Test("Files complete one another")
    func files() throws {
        let expected = GeoPlace(
            countryCode: "DE", country: "Germany", city: "Berlin", system: 64500, systemName: "Example Net")
        for paths in [[try cities(), try systems()], [try systems(), try cities()]] {
            #expect(try place("203.0.113.9", paths) == expected)
        }
        #expect(try place("198.51.100.7", [systems(), cities()]) == GeoPlace(countryCode: "FR", country: "France"))
    }

    @Test("Without a file nothing is known")
    func none() throws {
        #expect(GeoDatabases.none.place(of: try #require(IPAddress("203.0.113.9"))) == GeoPlace())
    }

    @Test("A city is not taken from a database that says another country")
    func contradiction() {
        let place = GeoPlace(countryCode: "DE", country: "Germany")
        #expect(place.completed(by: GeoPlace(countryCode: "FR", city: "Paris")) == place)
        #expect(place.completed(by: GeoPlace(countryCode: "DE", city: "Berlin")).city == "Berlin")
    }

    @Test("A file that can't be used is named, with the reason")
    func unusable() throws {
        let text = try folder.write("no database", to: "text.mmdb")
        for path in [text, folder.file("missing.mmdb")] {
            let error = try #require(throws: GeoDatabaseError.self) { try GeoDatabases(paths: [cities(), path]) }
            #expect(error.path == path)
            #expect(!error.reason.isEmpty)
        }
    }

    @Test("A damaged file may know nothing, and does no harm")
    func damaged() throws {
        var random = Seeded(7)
        let whole = Array(try Data(contentsOf: URL(filePath: cities())))
        for round in 0..<200 {
            var bytes = whole
            for _ in 0..<8 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            let path = try folder.write(Data(bytes), to: "damaged-\(round).mmdb")
            guard let databases = try? GeoDatabases(paths: [path]) else { continue }
            _ = databases.place(of: try #require(IPAddress("203.0.113.9")))
        }
    }
}
