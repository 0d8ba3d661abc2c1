package import GeoIP
package import IPAddresses
import Timestamps

/// What an operator decides about events. One immutable value.
package struct EventSettings: Sendable, Equatable {
    /// `installation.name`: receivers of one organisation with the same name meet in the same events.
    package let installationName: String

    /// `misp.distribution`: who may see the events.
    package let distribution: Distribution

    /// `misp.sharing_group`: the sharing group's number on the MISP server, where the distribution is one.
    package let sharingGroup: Int?

    /// `misp.tlp`: the traffic light of every event; nil for none.
    package let tlp: TrafficLight?

    /// `misp.pap`: what receivers may do with the information; nil for none.
    package let pap: PermissibleActions?

    /// `misp.tags`: further tags of every event.
    package let tags: [String]

    /// `misp.publish`: whether a MISP server is to publish the events, and when.
    package let publishing: Publishing

    /// `misp.url_query`: what becomes of the query in URLs.
    package let urlQuery: URLQuery

    /// `misp.event_window`: alerts of a source within one window belong to one event. Windows are counted from 1970.
    package let eventWindow: Duration

    /// `networks.own`: addresses in them are told to nobody else, wherever they stand.
    package let ownNetworks: IPBlockSet

    /// `geoip.database`: where addresses are.
    package let geography: GeoDatabases

    package let limits: EventLimits

    /// What remains of `?user=alice&x` in a URL: nothing, the names `?user`, or all of it.
    package enum URLQuery: String, Sendable, CaseIterable { case drop, names, keep }

    /// Never, or once an event has not changed for a while.
    package enum Publishing: String, Sendable, CaseIterable {
        case never
        case afterQuiet = "after_quiet"
    }

    package static let shortestWindow: Duration = .seconds(3600)
    package static let longestWindow: Duration = .seconds(400 * 86_400)
    package static let longestName = 255

    package init(
        installationName: String = "warnbell", distribution: Distribution = .organisation, sharingGroup: Int? = nil,
        tlp: TrafficLight? = .amber, pap: PermissibleActions? = nil, tags: [String] = [],
        publishing: Publishing = .afterQuiet, urlQuery: URLQuery = .drop,
        eventWindow: Duration = .seconds(30 * 86_400), ownNetworks: IPBlockSet = IPBlockSet(),
        geography: GeoDatabases = .none, limits: EventLimits = EventLimits()
    ) throws(InvalidSetting) {
        guard Self.isName(installationName) else {
            throw InvalidSetting("installation.name", installationName, Self.nameExpectation)
        }
        for tag in tags where !Self.isName(tag) {
            throw InvalidSetting("misp.tags", tag, Self.nameExpectation)
        }
        guard distribution != .inherit else {
            throw InvalidSetting("misp.distribution", distribution.rawValue, "0 to 4")
        }
        guard (distribution == .sharingGroup) == (sharingGroup != nil), sharingGroup ?? 1 > 0 else {
            throw InvalidSetting(
                "misp.sharing_group", sharingGroup.map(String.init) ?? "",
                "a number above 0 if and only if misp.distribution is sharing_group")
        }
        guard eventWindow >= Self.shortestWindow, eventWindow <= Self.longestWindow,
            eventWindow.components.attoseconds == 0
        else {
            throw InvalidSetting("misp.event_window", "\(eventWindow)", "1h to 400d, in whole seconds")
        }
        self.installationName = installationName
        self.distribution = distribution
        self.sharingGroup = sharingGroup
        self.tlp = tlp
        self.pap = pap
        self.tags = tags
        self.publishing = publishing
        self.urlQuery = urlQuery
        self.eventWindow = eventWindow
        self.ownNetworks = ownNetworks
        self.geography = geography
        self.limits = limits
    }

    private static let nameExpectation =
        "1 to \(longestName) bytes without control characters or spaces at the ends"

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= longestName && MISPText.line(text, bytes: longestName) == text
    }
}

/// A setting that can't be: its key, what was found, and what was expected.
package struct InvalidSetting: Error, Equatable, CustomStringConvertible {
    package let key: String
    package let value: String
    package let expected: String

    package init(_ key: String, _ value: String, _ expected: String) {
        self.key = key
        self.value = value
        self.expected = expected
    }

    package var description: String { "\(key): expected \(expected), got \"\(value)\"" }
}

extension EventSettings {
    /// The window that `moment` falls into. Windows follow one another from 1970 on.
    func window(of moment: Timestamp) -> Range<Timestamp> {
        let length = eventWindow.components.seconds
        let (quotient, remainder) = moment.seconds.quotientAndRemainder(dividingBy: length)
        let start = Timestamp(seconds: (remainder < 0 ? quotient - 1 : quotient) * length)
        return start..<start + .seconds(length)
    }
}
