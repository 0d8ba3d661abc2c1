import FoundationEssentials

// The templates of the misp-objects collection whose fields Warnbell fills.

extension Object.Template {
    static let netflow = Object.Template(
        name: "netflow", metaCategory: "network",
        description: "Netflow object describes an network object based on the Netflowv5/v9 minimal definition",
        uuid: "bf148c58-3e7e-414e-8de8-5d96379ca77e", version: "2")

    static let httpRequest = Object.Template(
        name: "http-request", metaCategory: "network", description: "A single HTTP request header",
        uuid: "b4a8d163-8110-4239-bfcf-e08f3a9fdf7b", version: "4")

    static let geolocation = Object.Template(
        name: "geolocation", metaCategory: "misc", description: "An object to describe a geographic location.",
        uuid: "cd6f2238-ba55-4888-82c4-104e6e1acf21", version: "8")

    static let autonomousSystem = Object.Template(
        name: "asn", metaCategory: "network",
        description: """
            Autonomous system object describing an autonomous system which can include one or more network operators \
            managing an entity (e.g. ISP) along with their routing policy, routing prefixes or alike.
            """,
        uuid: "4ec55cc6-9e49-4c64-b794-03c25c1a6587", version: "6")

    private init(name: String, metaCategory: String, description: String, uuid: String, version: String) {
        guard let uuid = UUID(uuidString: uuid) else { preconditionFailure("\(uuid) is no UUID") }
        self.init(
            name: name, metaCategory: metaCategory, description: description, uuid: WireUUID(uuid), version: version)
    }
}
