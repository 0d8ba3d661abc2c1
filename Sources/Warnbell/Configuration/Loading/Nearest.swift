/// Finds the word that somebody meant.
enum Nearest {
    /// The one of `candidates` that is closest to `word`, if it is close enough to be meant.
    static func match(_ word: String, in candidates: some Sequence<String>) -> String? {
        let limit = max(1, min(3, word.count / 4))
        let near = candidates.map { (distance: distance(word, $0), candidate: $0) }.filter { $0.distance <= limit }
        return near.min { ($0.distance, $0.candidate) < ($1.distance, $1.candidate) }?.candidate
    }

    /// How many letters must be added, dropped, changed or swapped with their neighbour to make one of the other
    /// (optimal string alignment).
    static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                let isSame = left[row] == right[column]
                var best = min(last[column] + (isSame ? 0 : 1), last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
