/// A set of addresses made of blocks, with a look-up in logarithmic time.
package struct IPBlockSet: Sendable, Equatable {
    /// The blocks as given, for people to read.
    package let blocks: [IPBlock]

    /// Disjoint ranges in ascending order; those that overlap are merged.
    private let ranges: [ClosedRange<IPAddress>]

    package init(_ blocks: [IPBlock] = []) {
        self.blocks = blocks
        var merged: [ClosedRange<IPAddress>] = []
        for range in blocks.map({ $0.first...$0.last }).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let previous = merged.last, range.lowerBound <= previous.upperBound {
                merged[merged.count - 1] = previous.lowerBound...max(previous.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        ranges = merged
    }

    package var isEmpty: Bool { ranges.isEmpty }

    /// Whether one of the blocks holds `address`.
    package func contains(_ address: IPAddress) -> Bool {
        firstRange(endingFrom: address).map { $0.lowerBound <= address } ?? false
    }

    /// Whether an address of `block` is in the set.
    package func overlaps(_ block: IPBlock) -> Bool {
        firstRange(endingFrom: block.first).map { $0.lowerBound <= block.last } ?? false
    }

    /// The first range that does not end before `address`.
    private func firstRange(endingFrom address: IPAddress) -> ClosedRange<IPAddress>? {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < address { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count ? ranges[low] : nil
    }
}
