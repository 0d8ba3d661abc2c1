extension ValueKind<Duration> {
    static func duration(_ range: ClosedRange<Duration>) -> ValueKind {
        ValueKind(
            Expectation(
                "a duration from \(Unit.text(range.lowerBound)) to \(Unit.text(range.upperBound))",
                hint: "a number with ms, s, m, h or d"),
            parse: { text in
                Unit.times.amount(in: text).map { .milliseconds($0) }.flatMap { range.contains($0) ? $0 : nil }
            },
            show: { .text(Unit.text($0)) })
    }
}

extension ValueKind<Int> {
    /// A number of bytes.
    static func size(_ range: ClosedRange<Int>) -> ValueKind {
        ValueKind(
            Expectation(
                "a size from \(Unit.text(bytes: range.lowerBound)) to \(Unit.text(bytes: range.upperBound))",
                hint: "a number with B, KiB, MiB, GiB or TiB"),
            parse: { text in
                Unit.sizes.amount(in: text).flatMap { range.contains($0) ? $0 : nil }
            },
            show: { .text(Unit.text(bytes: $0)) })
    }
}

extension ValueKind<Duration> {
    /// The same, or the word `never`.
    var orNever: ValueKind<Duration?> {
        let (kind, show) = (self, show)
        return ValueKind<Duration?>(
            Expectation("\(expected.short), or never", hint: expected.hint),
            show: { $0.map(show) ?? .text("never") },
            read: { text throws(InvalidValue) in text.lowercased() == "never" ? nil : try kind.read(.text(text)) })
    }
}
