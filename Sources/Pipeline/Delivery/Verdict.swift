/// What is to become of what would be told of a source, asked at the last moment: alerts may have waited for days, and
/// meanwhile another configuration applies.
package enum Verdict: Sendable, Equatable {
    case share

    /// A person is asked first. What a person has released is shared all the same.
    case hold(reason: String)

    /// Nobody is told, whatever a person said before.
    case never(reason: String)

    /// It can't be told yet.
    case wait(reason: String)
}
