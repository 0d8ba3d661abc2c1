import Testing

@testable import Warnbell

struct RateBucketTests {
    private let start = ContinuousClock.now

    @Test("A burst goes through at once, then requests are spread out, then refused, and time mends it")
    func flow() {
        var bucket = RateBucket(rate: 10, burst: 3, patience: .milliseconds(250))
        func take(_ milliseconds: Int) -> RateBucket.Admission { bucket.take(at: start + .milliseconds(milliseconds)) }
        func at(_ milliseconds: Int) -> RateBucket.Admission { .at(start + .milliseconds(milliseconds)) }
        for _ in 0..<3 { #expect(take(0) == .now) }
        #expect(take(0) == at(100))
        #expect(take(0) == at(200))
        // It would wait for 300 ms. What is refused costs nothing.
        #expect(take(0) == .refused(retryAfter: 1))
        #expect(take(0) == .refused(retryAfter: 1))
        #expect(take(50) == at(300))
        #expect(take(150) == at(400))
        #expect(take(1000) == .now)
        // The bucket is full again, and not fuller.
        for _ in 0..<3 { #expect(take(5000) == .now) }
        #expect(take(5000) == at(5100))
    }

    @Test("Patience is a limit: at it a request waits, beyond it none does")
    func patience() {
        var bucket = RateBucket(rate: 1, burst: 1, patience: .seconds(8))
        for second in 0...8 {
            #expect(bucket.take(at: start) == (second == 0 ? .now : .at(start + .seconds(second))))
        }
        #expect(bucket.take(at: start) == .refused(retryAfter: 9))
        #expect(bucket.take(at: start + .milliseconds(500)) == .refused(retryAfter: 9))
        #expect(bucket.take(at: start + .seconds(1)) == .at(start + .seconds(9)))
    }

    @Test("Without patience nothing waits")
    func impatience() {
        var bucket = RateBucket(rate: 1_000_000, burst: 1, patience: .zero)
        #expect(bucket.take(at: start) == .now)
        #expect(bucket.take(at: start) == .refused(retryAfter: 1))
        #expect(bucket.take(at: start + .microseconds(1)) == .now)
    }
}
