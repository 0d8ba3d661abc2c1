import TestKit

/// What attackers do: a few attack again and again, many once or a few times, from addresses for documentation.
struct DrillWorld {
    /// As many paths of an attacker as an event shows.
    private static let mostAlerts = 45

    private var random: Seeded
    private var alerts = 0
    private var loud: [(attacker: DrillAttacker, left: Int)] = []
    private var quiet: (attacker: DrillAttacker, left: Int)?
    private var loudAttackers = 0
    private var quietAttackers = 0

    init(seed: UInt64) {
        random = Seeded(seed)
        for _ in 0..<6 { loud.append((newLoudAttacker(), Self.mostAlerts)) }
    }

    mutating func next() -> DrillAlert {
        alerts += 1
        if random.chance(percent: 12) {
            let fate: DrillAlert.Fate = random.chance(percent: 50) ? .held : .ignored
            // What is held and what is ignored come from different addresses.
            let attacker = DrillAttacker.unshared(Int.random(in: 0..<100, using: &random) * 2 + (fate == .held ? 0 : 1))
            return DrillAlert(number: alerts, attacker: attacker, address: attacker.address(0), fate: fate)
        }
        let attacker = random.chance(percent: 50) ? loudAttacker() : quietAttacker()
        return DrillAlert(
            number: alerts, attacker: attacker, address: attacker.address(.random(in: 0..<3, using: &random)),
            fate: random.chance(percent: 15) ? .context : .shared)
    }

    private mutating func loudAttacker() -> DrillAttacker {
        let index = Int.random(in: loud.indices, using: &random)
        let attacker = loud[index].attacker
        loud[index].left -= 1
        if loud[index].left == 0 { loud[index] = (newLoudAttacker(), Self.mostAlerts) }
        return attacker
    }

    private mutating func quietAttacker() -> DrillAttacker {
        var next = quiet ?? (newQuietAttacker(), .random(in: 1...4, using: &random))
        next.left -= 1
        quiet = next.left == 0 ? nil : next
        return next.attacker
    }

    private mutating func newLoudAttacker() -> DrillAttacker {
        loudAttackers += 1
        return .loud(loudAttackers)
    }

    private mutating func newQuietAttacker() -> DrillAttacker {
        quietAttackers += 1
        return .quiet(quietAttackers)
    }
}
