/// How much goes into one event. What is left out is the rarer part; what was sent once stays.
package struct EventLimits: Sendable, Equatable {
    /// Addresses of the attacker: several for an IPv6 /64.
    package var attackers = 64

    /// Of each kind that everybody may see: URLs and paths, user agents, hashes, domains.
    package var publicValues = 50

    /// Of each kind that stays at home: agents, our addresses, users, full URLs.
    package var internalValues = 50

    /// Requests as `http-request` objects.
    package var requestObjects = 10

    /// Conversations as `netflow` objects.
    package var flowObjects = 20

    /// Rows of each table of a report.
    package var reportRows = 40

    /// Sightings of each attribute that a body repeats; MISP keeps all that it was ever sent.
    package var sightings = 4

    /// Bytes of an attribute's value.
    package var valueBytes = 4096

    /// Bytes of a comment.
    package var commentBytes = 1024

    /// Bytes of the event's line of information.
    package var infoBytes = 1024

    /// Bytes of a report.
    package var reportBytes = MISPText.maximumBytes

    package init() {}
}
