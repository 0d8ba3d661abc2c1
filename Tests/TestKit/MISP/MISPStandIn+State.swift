import Foundation

extension MISPStandIn {
    /// The server's data base and settings.
    package struct State: Sendable {
        package var events: [String: Event] = [:]
        package var blocklist: Set<String> = []

        /// Tags that exist on the server; others need the right to make them.
        package var tags: Set<String> = ["tlp:amber", "tlp:green"]

        /// Warninglist name to the values it holds.
        package var warninglists: [String: Set<String>] = [:]
        /// Whether asking for them ends in an internal error.
        package var hasBrokenWarninglists = false

        package var organisation = Organisation(
            name: "Example CERT", uuid: "5f5c1a3e-7a3c-4f0e-9d55-2f1d0c6f0a01")
        package var role = Role()
        package var access = Access.granted
        /// MISP.live: off while the server is maintained.
        package var isLive = true
        package var version = "2.5.1"
        /// Whether request bodies may be gzip, as newer servers say of themselves.
        package var readsGzip = true
        /// Off, each request comes on a connection of its own, and no HTTP client sends it again by itself.
        package var keepsConnections = true
        /// Bytes of a body that the web server in front lets through.
        package var largestBody = Int.max
        /// What every request costs the server; nil for one that is as quick as it can be.
        package var load: Load?
        /// How far the server's clock is ahead.
        package var clockSkew = 0
        /// Another organisation on the server, whose key is ``MISPStandIn/secondKey``.
        package var secondOrganisation = Organisation(
            name: "Other Org", uuid: "5f5c1a3e-7a3c-4f0e-9d55-2f1d0c6f0a0f")
        /// Types of the galaxies that were loaded, and UUIDs of the object templates.
        package var galaxies: Set<String> = ["mitre-attack-pattern", "country"]
        package var objectTemplates: Set<String> = ["bf148c58-3e7e-414e-8de8-5d96379ca77e"]
        /// Restricted searches left in the current window; nil without a limit.
        package var searchesLeft: Int?
        package var now: Int64 = 1_795_000_000

        /// The last request that came, whole.
        package var last: LoopbackServer.Request?
        /// `METHOD /path` of every request, in order.
        package var requests: [String] = []
        /// Requests whose body was compressed.
        package var gzipRequests = 0
        /// E-mails sent on publishing.
        package var mails = 0
        /// What goes wrong with the next requests, one each, before the chaos has its turn.
        package var faults: [Fault] = []
        package var chaos: Chaos?
        /// Requests, by the beginning of how ``requests`` tells them, whose answers never come in time.
        package var slow: [String] = []
        var lastID = 0
        /// Parts of events that are stored before an internal error; nil without one.
        var partsUntilError: Int?

        /// The UUIDs of all attributes that were ever taken: one that is not here needs no look at all events.
        var attributeUUIDs: Set<String> = []

        package init() {}

        /// Has an event that came in another way.
        package mutating func put(_ event: Event) { events[event.uuid] = event }

        /// Whether another part of an event is stored.
        mutating func takesPart() -> Bool {
            guard let left = partsUntilError else { return true }
            partsUntilError = max(0, left - 1)
            return left > 0
        }

        mutating func nextID() -> String {
            lastID += 1
            return String(lastID)
        }
    }

    package struct Organisation: Sendable {
        package var name: String
        package var uuid: String
    }

    /// How long a request takes, for a certain time and more for each attribute in it.
    package struct Load: Sendable {
        package var base: Duration
        package var perAttribute: Duration

        package init(base: Duration, perAttribute: Duration) {
            self.base = base
            self.perAttribute = perAttribute
        }
    }

    /// What the key's role may do; to begin with what MISP's own role Publisher may.
    package struct Role: Sendable {
        package var name = "Publisher"
        package var add = true
        /// Change the user's own events, and those of the whole organisation.
        package var modify = true
        package var modifyOrganisation = true
        package var publish = true
        package var tagger = true
        package var tagEditor = false
        package var sighting = true

        /// Whether events of ours can be changed at all.
        package var mayModify: Bool {
            get { modify || modifyOrganisation }
            set { (modify, modifyOrganisation) = (newValue, newValue) }
        }
    }

    /// Whether the key opens the door.
    package enum Access: Sendable { case granted, disabledUser, wrongAddress, readOnly }

    package struct Event: Sendable {
        package let id: String
        package let uuid: String
        package var organisation: String
        /// `info`, `date`, `threat_level_id`, `analysis`, `distribution`.
        package var fields: [String: String]
        package var timestamp: Int64
        package var published = false
        /// When it was published last, in seconds since 1970; 0 for never.
        package var publishTimestamp: Int64 = 0
        package var tags: [String] = []
        package var attributes: [Attribute] = []
        package var objects: [Object] = []
        package var reports: [String: Report] = [:]

        /// An event without anything in it.
        package init(uuid: String, organisation: String, distribution: String) {
            self.init(
                id: "9", uuid: uuid, organisation: organisation, fields: ["distribution": distribution], timestamp: 1)
        }

        init(id: String, uuid: String, organisation: String, fields: [String: String], timestamp: Int64) {
            self.id = id
            self.uuid = uuid
            self.organisation = organisation
            self.fields = fields
            self.timestamp = timestamp
        }

        /// Attributes that are not deleted, those in objects included.
        package var count: Int { attributes.filter { !$0.deleted }.count }

        package subscript(attribute uuid: String) -> Attribute? { attributes.first { $0.uuid == uuid } }

        /// What another organisation sees of the event once it is shared: nothing of distribution 0, nor what stands
        /// in an object of distribution 0.
        package var asOthersSeeIt: Event {
            var event = self
            event.objects.removeAll { $0.deleted || $0.distribution == "0" }
            let objects = Set(event.objects.map(\.uuid))
            event.attributes.removeAll { attribute in
                attribute.deleted || attribute.distribution == "0"
                    || attribute.object.map { !objects.contains($0) } ?? false
            }
            event.reports = event.reports.filter { $0.value.distribution != "0" }
            return event
        }
    }

    package struct Attribute: Sendable, Equatable {
        package var id: String
        package var uuid: String
        package var type: String
        package var category: String
        package var value: String
        package var comment: String
        package var toIDs: Bool
        package var distribution: String
        package var timestamp: Int64
        package var firstSeen: String?
        package var lastSeen: String?
        package var deleted = false
        /// The object it belongs to, and its place there.
        package var object: String?
        package var relation: String?
        /// By UUID.
        package var sightings: [String: Sighting] = [:]
    }

    package struct Sighting: Sendable, Equatable {
        package var date: String
        package var source: String
        /// `1` is a false positive.
        package var type: String

        package init(date: String, source: String, type: String = "0") {
            self.type = type
            self.date = date
            self.source = source
        }
    }

    package struct Object: Sendable {
        package let uuid: String
        package var name: String
        package var comment: String
        package var distribution: String
        package var timestamp: Int64
        package var deleted = false
    }

    package struct Report: Sendable, Equatable {
        package var name: String
        package var content: String
        package var distribution: String
        package var timestamp: Int64
        package var deleted = false
    }
}

extension MISPStandIn.Attribute {
    /// An address as an analyst adds it by hand.
    package init(uuid: String, value: String) {
        self.init(
            id: "0", uuid: uuid, type: "ip-src", category: "Network activity", value: value, comment: "", toIDs: true,
            distribution: "5", timestamp: 1)
    }
}
