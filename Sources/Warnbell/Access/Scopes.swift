/// What a credential is good for.
struct Scopes: OptionSet, Sendable, Hashable {
    let rawValue: UInt8

    /// Posting alerts.
    static let alerts = Scopes(rawValue: 1)
    /// Reading the feed.
    static let feed = Scopes(rawValue: 2)
    /// Reading the metrics.
    static let metrics = Scopes(rawValue: 4)
    /// What changes the service.
    static let admin = Scopes(rawValue: 8)

    static let all: Scopes = [.alerts, .feed, .metrics, .admin]

    private static let names: [(String, Scopes)] = [
        ("alerts", .alerts), ("feed", .feed), ("metrics", .metrics), ("admin", .admin),
    ]
}

extension Scopes: LosslessStringConvertible {
    /// Reads `alerts+feed`; nil when a part is no scope.
    init?(_ text: String) {
        self = []
        for part in text.split(separator: "+", omittingEmptySubsequences: false) {
            guard let scope = Self.names.first(where: { $0.0 == part })?.1 else { return nil }
            insert(scope)
        }
    }

    /// `alerts+feed`.
    var description: String {
        Self.names.filter { contains($0.1) }.map(\.0).joined(separator: "+")
    }
}
