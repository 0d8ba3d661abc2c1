/// A set of sequence numbers as ranges that neither overlap nor touch, ascending.
struct SequenceRanges: Equatable {
    private(set) var ranges: [ClosedRange<UInt64>] = []

    init() {}

    /// The numbers in any order.
    init(_ numbers: some Sequence<UInt64>) {
        for number in numbers.sorted() { append(number...number) }
    }

    /// Ranges in any order, overlapping or not.
    init(merging unordered: [ClosedRange<UInt64>]) {
        for range in unordered.sorted(by: { $0.lowerBound < $1.lowerBound }) { append(range) }
    }

    /// Adds a range that begins at or after every one before.
    private mutating func append(_ range: ClosedRange<UInt64>) {
        guard let last = ranges.last, range.lowerBound <= last.upperBound + 1 else { return ranges.append(range) }
        ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
    }

    /// How many numbers there are.
    var count: Int { ranges.reduce(0) { $0 + $1.count } }

    /// How many of the numbers lie in `range`.
    func count(in range: ClosedRange<UInt64>) -> Int {
        ranges.filter { $0.overlaps(range) }.reduce(0) { $0 + $1.clamped(to: range).count }
    }

    func contains(_ number: UInt64) -> Bool { range(around: number) != nil }

    /// The first number from `number` on that is not there.
    func end(of number: UInt64) -> UInt64 { range(around: number).map { $0.upperBound + 1 } ?? number }

    private func range(around number: UInt64) -> ClosedRange<UInt64>? {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < number { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(number) ? ranges[low] : nil
    }
}
