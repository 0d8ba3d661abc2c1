/// What a value must be.
struct Expectation: Sendable, Equatable {
    /// In short: `a duration from 1s to 1h`.
    let short: String

    /// How it is written, for those who got it wrong: `a number with ms, s, m, h or d`.
    let hint: String?

    init(_ short: String, hint: String? = nil) {
        self.short = short
        self.hint = hint
    }
}

extension Expectation: ExpressibleByStringInterpolation {
    init(stringLiteral short: String) { self.init(short) }
}

extension Expectation: CustomStringConvertible {
    /// Both: `a duration from 1s to 1h (a number with ms, s, m, h or d)`.
    var description: String { hint.map { "\(short) (\($0))" } ?? short }
}
