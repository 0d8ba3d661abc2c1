import FoundationEssentials

/// The organisation of a feed that no MISP server stands behind: made once, and kept in a file from then on, because
/// the UUIDs of all events hang on it.
package enum FeedOrganisation {
    /// The file's name in the data directory.
    package static let fileName = "organisation.json"

    /// Reads the organisation from the data directory, or makes one with this name and a random UUID.
    ///
    /// Once the file is there, its name counts. A file that can't be read is an error and stays as it is: a new UUID
    /// would make every event anew.
    package static func load(from dataDirectory: String, name: String) throws -> Organisation {
        try load(from: dataDirectory, name: name, uuid: UUID())
    }

    static func load(from dataDirectory: String, name: String, uuid: @autoclosure () -> UUID) throws -> Organisation {
        let file = "\(dataDirectory)/\(fileName)"
        if let known = try known(in: dataDirectory, name: name) { return known }
        let creator = MISPEvent.Creator(Organisation(name: MISPText.line(name, bytes: 255), uuid: uuid()))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        try AtomicFile.makeDirectory(dataDirectory)
        try AtomicFile.write(Array(try encoder.encode(creator)), to: file)
        return Organisation(name: creator.name, uuid: creator.uuid.uuid)
    }

    /// Reads the organisation from the data directory; nil where ``load(from:name:)`` would make one.
    ///
    /// - Throws: ``FeedError`` for a file that can't be used, ``InvalidSetting`` for a name that none can be made with.
    package static func known(in dataDirectory: String, name: String) throws -> Organisation? {
        let file = "\(dataDirectory)/\(fileName)"
        if let bytes = try AtomicFile.read(file) { return try read(bytes, file: file) }
        guard !MISPText.line(name, bytes: 255).isEmpty else {
            throw InvalidSetting("feed.organisation", name, "a name")
        }
        return nil
    }

    private static func read(_ bytes: [UInt8], file: String) throws(FeedError) -> Organisation {
        do {
            let creator = try JSONDecoder().decode(MISPEvent.Creator.self, from: Data(bytes))
            guard !creator.name.isEmpty else {
                throw FeedError.brokenOrganisation(file: file, reason: "the name is empty")
            }
            return Organisation(name: creator.name, uuid: creator.uuid.uuid)
        } catch let error as FeedError {
            throw error
        } catch let error as DecodingError {
            throw .brokenOrganisation(file: file, reason: error.reason)
        } catch {
            throw .brokenOrganisation(file: file, reason: "\(error)")
        }
    }
}
