/// How often somebody may come: a token bucket whose debt is paid by waiting.
///
/// It fills by one with each interval, up to the burst. A request that finds it empty waits until its own token is
/// there; one that would wait too long is refused and takes none.
struct RateBucket: Sendable {
    enum Admission: Equatable {
        case now
        /// To be answered at this moment.
        case at(ContinuousClock.Instant)
        /// After so many seconds a request is answered at once.
        case refused(retryAfter: Int)
    }

    private let interval: Duration
    private let burst: Int
    private let patience: Duration

    /// When the bucket will be full again, were nothing more taken (the theoretical arrival time of GCRA).
    private var fullAt: ContinuousClock.Instant?

    /// - Parameters:
    ///   - rate: tokens a second.
    ///   - burst: how many can be taken at once.
    ///   - patience: how long a request may wait.
    init(rate: Int, burst: Int, patience: Duration) {
        interval = .seconds(1) / rate
        self.burst = burst
        self.patience = patience
    }

    /// A request comes.
    mutating func take(at now: ContinuousClock.Instant) -> Admission {
        let fullAt = max(fullAt ?? now, now)
        let ready = fullAt - interval * (burst - 1)
        guard ready <= now + patience else {
            let wait = now.duration(to: ready).components
            return .refused(retryAfter: Int(wait.seconds) + (wait.attoseconds > 0 ? 1 : 0))
        }
        self.fullAt = fullAt + interval
        return ready <= now ? .now : .at(ready)
    }
}
