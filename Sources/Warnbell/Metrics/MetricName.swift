/// A metric: its name, what it counts, and by what it is split.
struct MetricName: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case counter
        case gauge
        /// Sorted upper bounds of the buckets; the one for everything larger is added.
        case histogram([Double])
    }

    let name: String
    let kind: Kind
    let help: String

    /// Names of its labels. Their values come from short lists in our own code: never an address, never a text from
    /// outside.
    let labels: [String]

    init(_ name: String, _ kind: Kind, by labels: [String] = [], _ help: String) {
        self.name = "warnbell_\(name)"
        self.kind = kind
        self.help = help
        self.labels = labels
    }
}
