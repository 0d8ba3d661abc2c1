import Foundation
import TestKit

/// The client's own book: what it sent and what it was told.
struct DrillBook {
    struct Entry {
        let alert: DrillAlert
        var answer = Answer.none
    }

    enum Answer {
        /// Not a single attempt was answered: it may have been taken or not.
        case none
        /// Told that it was not taken.
        case refused
        /// Told that it was taken.
        case accepted
    }

    /// By the alert's number, from 1.
    private(set) var entries: [Entry] = []

    /// New alerts that may still be sent.
    var allowance = 0

    /// Alerts that will be sent again.
    private var again: [Int] = []
    private(set) var refusals = 0

    private var world: DrillWorld
    private var random: Seeded
    private let timestamp = Self.timestamp()

    init(seed: UInt64) {
        world = DrillWorld(seed: seed)
        random = Seeded(seed &+ 1)
    }

    /// Now, as Wazuh writes it.
    static func timestamp() -> String {
        Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)).replacing("Z", with: "+0000")
    }

    /// The alerts of the next request, mostly one: such as come again, or new ones. Nil when none are due.
    mutating func nextRequest() -> [Int]? {
        guard !again.isEmpty || allowance > 0 else { return nil }
        let size = random.chance(percent: 70) ? 1 : Int.random(in: 2...12, using: &random)
        guard again.isEmpty || allowance > 0 && random.chance(percent: 50) else {
            let chosen = Array(again.prefix(size))
            again.removeFirst(chosen.count)
            return chosen
        }
        let alerts = (0..<min(size, allowance)).map { _ in world.next() }
        allowance -= alerts.count
        entries += alerts.map { Entry(alert: $0) }
        return alerts.map(\.number)
    }

    /// The alerts one on a line.
    func body(_ numbers: [Int]) -> [UInt8] {
        Array(numbers.map { entries[$0 - 1].alert.json(timestamp: timestamp) }.joined(separator: "\n").utf8)
    }

    mutating func accepted(_ numbers: [Int]) {
        for number in numbers { entries[number - 1].answer = .accepted }
        guard random.chance(percent: 4) else { return }
        again += numbers
    }

    mutating func refused(_ numbers: [Int]) {
        refusals += 1
        for number in numbers where entries[number - 1].answer == .none { entries[number - 1].answer = .refused }
        again += numbers
    }

    /// There was no answer: some clients try again, some don't.
    mutating func unanswered(_ numbers: [Int]) {
        for number in numbers where entries[number - 1].answer == .refused { entries[number - 1].answer = .none }
        if random.chance(percent: 60) { again += numbers }
    }

    /// Everything again, as after the loss of all data.
    mutating func repeatAll() {
        again = Array(1...entries.count)
    }
}
