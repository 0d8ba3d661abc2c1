package import IPAddresses

/// Databases that are asked one after another: countries and cities mostly come in one file, systems in another.
package struct GeoDatabases: Sendable {
    package let paths: [String]
    private let databases: [GeoDatabase]

    /// - Throws: ``GeoDatabaseError`` of the first file that can't be used.
    package init(paths: [String]) throws(GeoDatabaseError) {
        var databases: [GeoDatabase] = []
        for path in paths { databases.append(try GeoDatabase(path: path)) }
        self.paths = paths
        self.databases = databases
    }

    /// No database: nothing is known of any address.
    package static let none = GeoDatabases()

    private init() {
        paths = []
        databases = []
    }

    /// What the databases know of an address, each asked for what those before it did not say.
    package func place(of address: IPAddress) -> GeoPlace {
        databases.reduce(GeoPlace()) { $0.completed(by: $1.place(of: address)) }
    }
}

extension GeoDatabases: Equatable {
    /// Of the same files. Their contents change by new files only, which are read at the next start.
    package static func == (left: Self, right: Self) -> Bool { left.paths == right.paths }
}
