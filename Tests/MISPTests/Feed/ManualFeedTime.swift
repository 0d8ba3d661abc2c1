import Foundation
import Isolation
import Timestamps

@testable import MISP

extension FeedDirectory.Settings {
    /// A feed on the sample's day whose files say at once what it holds, and nothing more.
    static var immediate: Self {
        var settings = Self()
        settings.interval = .zero
        settings.grace = .zero
        settings.clock.now = { Sample.now }
        return settings
    }
}

/// Time that passes when a test says so.
final class ManualFeedTime: Sendable {
    private struct Sleeper {
        let until: Timestamp
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now: Timestamp
        var sleepers: [UUID: Sleeper] = [:]
    }

    private let state: Locked<State>

    init(at now: Timestamp) { state = Locked(State(now: now)) }

    var clock: FeedClock { FeedClock(now: { self.now }, sleep: { await self.sleep(for: $0) }) }

    var now: Timestamp { state.withLock { $0.now } }

    /// How many wait for time to pass.
    var sleepers: Int { state.withLock { $0.sleepers.count } }

    func advance(by time: Duration) {
        let due = state.withLock { state in
            state.now = state.now + time
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.continuation)
        }
        due.forEach { $0.resume() }
    }

    private func sleep(for time: Duration) async {
        let id = UUID()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = state.withLock { state in
                    if Task.isCancelled { return true }
                    state.sleepers[id] = Sleeper(until: state.now + time, continuation: continuation)
                    return false
                }
                if isCancelled { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume()
        }
    }
}
