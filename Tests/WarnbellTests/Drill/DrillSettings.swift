import Foundation
import TestKit
import Testing

/// How long the drills take and what they draw at random, by the environment.
enum DrillSettings {
    private static let environment = ProcessInfo.processInfo.environment

    /// Whether the drills run that take minutes: `WARNBELL_DRILL` is set, as `scripts/test-slow` does.
    static let isLong = environment["WARNBELL_DRILL"] != nil

    static let whySkipped: Comment = "WARNBELL_DRILL is not set: this drill takes minutes"

    /// How many times the receiver is killed: the number in `WARNBELL_DRILL`.
    static let rounds = environment["WARNBELL_DRILL"].flatMap { Int($0) } ?? 3

    /// Where the random numbers start: `WARNBELL_DRILL_SEED`, or another one each time.
    static let seed = environment["WARNBELL_DRILL_SEED"].flatMap { UInt64($0) } ?? .random(in: 0..<1_000_000)

    /// The shortest that MISP may be given.
    static let timeout = Duration.seconds(1)

    /// A MISP that takes everything, once it is well.
    static func misp() throws -> MISPStandIn {
        let misp = try MISPStandIn()
        misp.change { $0.role.tagEditor = true }
        return misp
    }

    /// A receiver for which everything is due soon.
    static func configuration(_ misp: MISPStandIn) -> [String] {
        [
            "misp.url: \(misp.url)", "misp.key: \(MISPStandIn.key)", "misp.timeout: 1s", "misp.connections: 8",
            "batch.quiet: 50ms", "batch.max_wait: 200ms", "listen.reply_delay: 1s", "stop.grace: 60s",
            "misp.update_interval: 200ms", "misp.repeat_interval: 200ms",
        ]
    }
}
