package import Timestamps

/// Something that alerts taught about an address, as it is kept for the next start.
package struct AddressSighting: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// One of our agents is there.
        case agent
        /// Somebody logged in from there.
        case login
    }

    package let kind: Kind
    package let source: SourceKey

    /// When it was seen last, to the day.
    package let seen: Timestamp

    package init(_ kind: Kind, _ source: SourceKey, seen: Timestamp) {
        self.kind = kind
        self.source = source
        self.seen = seen
    }
}
