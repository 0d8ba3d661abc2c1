package import Timestamps

/// That a sink is to take back what it holds of a source in a window, or has done so.
package struct Withdrawal: Sendable, Codable, Equatable {
    package enum Kind: Sendable, Codable, Equatable {
        /// A person says that it should not have been shared.
        case revoked(actor: String, reason: String?)
        /// It was not seen for so long that detection systems should not act on it any more.
        case retired
    }

    package let kind: Kind

    /// When it was asked for.
    package let moment: Timestamp

    /// When the sink was through with it; nil while it is outstanding.
    package private(set) var done: Timestamp?

    /// Why the sink did not do it, where it did not.
    package private(set) var failure: String?

    package init(_ kind: Kind, at moment: Timestamp) {
        self.kind = kind
        self.moment = moment
    }

    package var isOutstanding: Bool { done == nil }

    package var isRevocation: Bool { if case .revoked = kind { true } else { false } }

    /// Whether a person took it back, and nothing is known to have prevented it.
    package var isRevoked: Bool { isRevocation && failure == nil }

    /// The same after the sink has given a final answer.
    package func answered(_ receipt: Receipt, at moment: Timestamp) -> Withdrawal {
        var withdrawal = self
        withdrawal.done = moment
        switch receipt {
        case .refused(let reason), .leftOut(let reason): withdrawal.failure = reason
        case .stored(let stored):
            if let first = stored.refused.first {
                withdrawal.failure = "\(stored.refused.count) items are as they were: \(first.reason)"
            }
        case .retry, .pause: break
        }
        return withdrawal
    }

    /// Whether both are the same request, whatever became of it.
    package func isSame(as other: Withdrawal?) -> Bool {
        kind == other?.kind && moment == other?.moment
    }
}
