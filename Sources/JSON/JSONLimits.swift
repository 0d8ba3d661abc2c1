/// How much a reader takes from a stranger.
package struct JSONLimits: Sendable, Equatable {
    /// How many containers may stand inside one another.
    package var depth: Int

    /// How many values and keys one text may have; a tape needs 16 bytes for each.
    package var nodes: Int

    package init(depth: Int = 128, nodes: Int = 1_000_000) {
        self.depth = depth
        self.nodes = nodes
    }

    /// Offsets are kept in 32 bits: longer texts are refused.
    static let bytes = Int(UInt32.max) - 1
}
