/// How an object stands to another part of its event.
package struct ObjectReference: Sendable, Equatable, Codable {
    package var uuid: WireUUID
    package var object: WireUUID
    /// The attribute or object that it points to.
    package var target: WireUUID
    package var relationship: Relationship
    package var comment: String
    package var timestamp: WireSeconds

    /// Out of the relationships of the misp-objects collection.
    package enum Relationship: String, Sendable, Codable {
        /// Of a place: where the address is.
        case characterizes
        /// Of an autonomous system: which addresses are in it.
        case includes
        /// Of a request: who sent it.
        case initiatedBy = "initiated-by"
        /// Of a request: whom one of ours sent it to.
        case connectedTo = "connected-to"
    }

    enum CodingKeys: String, CodingKey {
        case uuid, comment, timestamp
        case object = "object_uuid"
        case target = "referenced_uuid"
        case relationship = "relationship_type"
    }
}
