import Testing

@testable import Journal

struct SequenceRangesTests {
    @Test(
        "Numbers in any order become ranges that do not touch",
        arguments: [
            ([], []), ([5], [5...5]), ([3, 1, 2], [1...3]), ([1, 3], [1...1, 3...3]), ([2, 2, 4, 3], [2...4]),
        ] as [([UInt64], [ClosedRange<UInt64>])])
    func ranges(numbers: [UInt64], ranges: [ClosedRange<UInt64>]) {
        let set = SequenceRanges(numbers)
        #expect(set.ranges == ranges)
        #expect(set.count == Set(numbers).count)
    }

    @Test("Ranges that overlap or touch become one")
    func merging() {
        let set = SequenceRanges(merging: [7...9, 1...3, 2...4, 5...5])
        #expect(set.ranges == [1...5, 7...9])
        #expect((0...10).filter(set.contains) == [1, 2, 3, 4, 5, 7, 8, 9])
        #expect(set.count(in: 4...8) == 4)
        #expect(set.count(in: 6...6) == 0)
    }
}
