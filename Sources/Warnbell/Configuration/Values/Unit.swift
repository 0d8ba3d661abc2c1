/// A unit that a number may carry.
struct Unit: Sendable {
    let name: String

    /// How much of the smallest unit it is.
    let amount: Int

    /// The smallest count of it that is shown in this unit: people write `60s` and `24h`, not `1m` and `1d`.
    var least = 1

    static let times = [
        Unit(name: "ms", amount: 1), Unit(name: "s", amount: 1000), Unit(name: "m", amount: 60_000, least: 2),
        Unit(name: "h", amount: 3_600_000), Unit(name: "d", amount: 86_400_000, least: 2),
    ]

    static let sizes = [
        Unit(name: "B", amount: 1), Unit(name: "KiB", amount: 1 << 10), Unit(name: "MiB", amount: 1 << 20),
        Unit(name: "GiB", amount: 1 << 30), Unit(name: "TiB", amount: 1 << 40),
    ]

    /// `0s`, `500ms`, `60s`, `24h`, `30d`.
    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        return times.text(Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)) ?? "0s"
    }

    /// `512B`, `64KiB`, `1MiB`.
    static func text(bytes: Int) -> String { sizes.text(bytes) ?? "0B" }
}

extension [Unit] {
    /// The amount in the smallest unit that `text` names; nil when it isn't digits and a unit, or is too large.
    func amount(in text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), let unit = first(where: { $0.name == text.dropFirst(digits.count) })
        else { return nil }
        let (amount, overflow) = number.multipliedReportingOverflow(by: unit.amount)
        return overflow ? nil : amount
    }

    /// The amount in the largest unit that divides it; nil for nothing.
    fileprivate func text(_ amount: Int) -> String? {
        guard amount != 0 else { return nil }
        return last { amount % $0.amount == 0 && amount / $0.amount >= $0.least }
            .map { "\(amount / $0.amount)\($0.name)" }
    }
}
