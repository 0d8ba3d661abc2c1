package import FoundationEssentials

/// Who speaks: the organisation that owns the MISP key, or the one a feed is published by.
package struct Organisation: Sendable, Equatable {
    package let name: String
    package let uuid: UUID

    package init(name: String, uuid: UUID) {
        self.name = name
        self.uuid = uuid
    }
}
