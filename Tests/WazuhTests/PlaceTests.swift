import Testing

@testable import Wazuh

@Suite("Where an alert says that its attacker is")
struct PlaceTests {
    private func place(_ members: String) throws -> Alert.Place? {
        var decoder = AlertDecoder()
        return try #require(try decoder.decode(#"{"rule":{"id":"1","level":5},\#(members)}"#).alerts.first).details
            .place
    }

    private static func guardDuty(_ countries: String...) -> String {
        let probes = countries.map { country in
            #"{"remoteIpDetails":{"ipAddressV4":"203.0.113.9","country":{"countryName":"\#(country)"}}}"#
        }
        return """
            "data":{"aws":{"service":{"action":{"portProbeAction":{"portProbeDetails":[\(probes.joined(separator: ","))]}}}}}
            """
    }

    @Test(
        "The place is the one that belongs to the attacker's address",
        arguments: [
            (#""data":{"srcip":"203.0.113.9"}"#, nil),
            (
                #""data":{"srcip":"203.0.113.9"},"GeoLocation":{"country_name":"Germany","city_name":"Berlin"}"#,
                Alert.Place(country: "Germany", city: "Berlin")
            ),
            (
                #""data":{"alert":{},"src_ip":"10.0.0.1","dest_ip":"203.0.113.9"},"GeoLocation":{"country_name":"X"}"#,
                nil
            ),
            (guardDuty("Italy"), Alert.Place(country: "Italy")),
            (guardDuty("Italy", "Italy"), Alert.Place(country: "Italy")), (guardDuty("Italy", "Spain"), nil),
            (#""GeoLocation":{"country_name":"Germany"}"#, nil),
        ] as [(String, Alert.Place?)])
    func place(members: String, expected: Alert.Place?) throws {
        #expect(try place(members) == expected)
    }

    @Test("A finding has it in the fields of the common schema")
    func finding() throws {
        var decoder = AlertDecoder()
        let text = """
            {"wazuh":{"rule":{"id":"1","level":"low"}},"source":{"ip":"203.0.113.9","geo":{"country_iso_code":"DE",\
            "country_name":"Germany"},"as":{"number":64500,"organization":{"name":"Example Net"}}}}
            """
        let alert = try #require(try decoder.decode(Array(text.utf8).span).alerts.first)
        #expect(alert.details.place == Alert.Place(country: "DE", system: 64500, systemName: "Example Net"))
    }

    @Test("No path belongs to two details: only one of them would find it")
    func paths() {
        let paths = Detail.allCases.flatMap(\.paths)
        let doubles = Dictionary(grouping: paths) { $0 }.filter { $0.value.count > 1 }.keys
        #expect(doubles.sorted() == [])
    }
}
