import Testing

@testable import MISP

struct EventSettingsTests {
    @Test("Without any setting an event is for our organisation, amber, and collects for 30 days")
    func defaults() throws {
        let settings = try EventSettings()
        #expect(settings.installationName == "warnbell")
        #expect(settings.distribution == .organisation)
        #expect(settings.tlp == .amber)
        #expect(settings.pap == nil)
        #expect(settings.tags.isEmpty)
        #expect(settings.publishing == .afterQuiet)
        #expect(settings.urlQuery == .drop)
        #expect(settings.eventWindow == .seconds(2_592_000))
    }

    @Test(
        "Traffic lights are spelt as MISP's taxonomies spell them",
        arguments: [
            ("red", "tlp:red"), ("amber", "tlp:amber"), ("amber+strict", "tlp:amber+strict"), ("green", "tlp:green"),
            ("clear", "tlp:clear"), ("white", "tlp:white"),
        ])
    func trafficLight(setting: String, tag: String) {
        #expect(TrafficLight(rawValue: setting)?.tag.name == tag)
    }

    @Test("So are permissible actions")
    func permissibleActions() {
        #expect(
            PermissibleActions.allCases.map(\.tag.name) == [
                "PAP:RED", "PAP:AMBER", "PAP:GREEN", "PAP:WHITE", "PAP:CLEAR",
            ])
    }

    @Test("Windows are bounded on both sides", arguments: [3600, 400 * 86_400] as [Int64])
    func window(seconds: Int64) throws {
        let settings = try EventSettings(eventWindow: .seconds(seconds))
        #expect(settings.eventWindow == .seconds(seconds))
    }

    @Test(
        "A window outside its bounds is refused",
        arguments: [.seconds(3599), .seconds(400 * 86_400 + 1), .milliseconds(3_600_500), .zero, .seconds(-86_400)]
            as [Duration])
    func wrongWindow(window: Duration) throws {
        let error = try #require(throws: InvalidSetting.self) { try EventSettings(eventWindow: window) }
        #expect(error.key == "misp.event_window")
        #expect(error.expected == "1h to 400d, in whole seconds")
    }

    @Test("A name has 1 to 255 bytes")
    func longestName() throws {
        let longest = String(repeating: "é", count: 127) + "x"
        #expect(try EventSettings(installationName: longest, tags: [longest]).tags == [longest])
    }

    @Test(
        "A name that MISP would change is refused",
        arguments: ["", " a", "a ", "a\nb", "\u{1f600}", "\u{7}", String(repeating: "x", count: 256)])
    func wrongName(name: String) throws {
        let installation = try #require(throws: InvalidSetting.self) { try EventSettings(installationName: name) }
        #expect(installation.key == "installation.name")
        let tag = try #require(throws: InvalidSetting.self) { try EventSettings(tags: ["fine", name]) }
        #expect(tag.key == "misp.tags")
        #expect(tag.value == name)
    }

    @Test(
        "A sharing group comes with its distribution, and only with it",
        arguments: [(.sharingGroup, nil), (.all, 7), (.sharingGroup, 0)] as [(Distribution, Int?)])
    func wrongSharingGroup(distribution: Distribution, group: Int?) throws {
        let error = try #require(throws: InvalidSetting.self) {
            try EventSettings(distribution: distribution, sharingGroup: group)
        }
        #expect(error.key == "misp.sharing_group")
    }

    @Test("Only parts of an event inherit their distribution")
    func inherit() throws {
        let error = try #require(throws: InvalidSetting.self) { try EventSettings(distribution: .inherit) }
        #expect("\(error)" == "misp.distribution: expected 0 to 4, got \"5\"")
    }
}
