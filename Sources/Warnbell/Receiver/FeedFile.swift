import FoundationEssentials

/// A file of the feed that may be asked for: these names and no others, so no path leads out of the directory.
struct FeedFile {
    let name: String
    let contentType: StaticString

    init?(name: String) {
        switch name {
        case "manifest.json": contentType = "application/json"
        case "hashes.csv": contentType = "text/csv; charset=utf-8"
        default:
            // The canonical form only: it is the file's name.
            guard name.hasSuffix(".json"), let event = UUID(uuidString: String(name.dropLast(".json".count))),
                name == "\(event.uuidString.lowercased()).json"
            else { return nil }
            contentType = "application/json"
        }
        self.name = name
    }
}

extension FeedFile: Equatable {
    static func == (left: FeedFile, right: FeedFile) -> Bool { left.name == right.name }
}
