@testable import Pipeline

extension Pace {
    /// Everything is told at once.
    static var none: Pace {
        var pace = Pace()
        pace.update = .zero
        pace.repetition = .zero
        return pace
    }
}
