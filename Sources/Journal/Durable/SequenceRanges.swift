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

    func contains(_ number: UInt64) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < number { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(number)
    }

    /// The numbers themselves.
    var numbers: [UInt64] { ranges.flatMap { Array($0) } }
}

extension SequenceRanges {
    /// As bytes: the gap to each range and its length, each as a number in groups of seven bits, the last group
    /// without the high bit (LEB128).
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        var end: UInt64 = 0
        for range in ranges {
            Self.append(range.lowerBound - end, to: &bytes)
            Self.append(range.upperBound - range.lowerBound, to: &bytes)
            end = range.upperBound
        }
        return bytes
    }

    /// Reads what ``encoded`` wrote; nil for anything else.
    init?(encoded bytes: some Sequence<UInt8>) {
        var numbers: [UInt64] = []
        var number: UInt64 = 0
        var shift: UInt64 = 0
        for byte in bytes {
            guard shift < 64 else { return nil }
            number |= UInt64(byte & 0x7f) << shift
            shift += 7
            guard byte & 0x80 == 0 else { continue }
            numbers.append(number)
            (number, shift) = (0, 0)
        }
        guard shift == 0, numbers.count.isMultiple(of: 2) else { return nil }
        var end: UInt64 = 0
        for index in stride(from: 0, to: numbers.count, by: 2) {
            let (start, overflows) = end.addingReportingOverflow(numbers[index])
            let (last, overflowsToo) = start.addingReportingOverflow(numbers[index + 1])
            guard !overflows, !overflowsToo else { return nil }
            ranges.append(start...last)
            end = last
        }
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
