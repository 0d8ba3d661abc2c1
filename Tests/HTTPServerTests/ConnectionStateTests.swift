import Testing

@testable import HTTPServer

/// The conversation of a connection, event by event, on a clock that is moved by hand.
struct ConnectionStateTests {
    private let timeouts: Timeouts
    private var clock = Instant(milliseconds: 1_000_000)
    private var state: ConnectionState

    init() {
        var limits = Limits()
        limits.requestsPerConnection = 3
        timeouts = Timeouts(limits)
        state = ConnectionState(now: clock, timeouts)
    }

    private mutating func pass(_ duration: Duration) {
        clock = clock + Milliseconds(duration)
    }

    private mutating func begin() {
        state.bytesReceived(now: clock, timeouts)
        state.requestBegan(now: clock, timeouts)
    }

    private mutating func request(keepsAlive: Bool = true, isHTTP10: Bool = false) {
        begin()
        state.headRead(keepsAlive: keepsAlive, isHTTP10: isHTTP10, now: clock, timeouts)
        state.handedOver(now: clock, timeouts)
    }

    private mutating func answer(closing: Bool = false, isInputLeft: Bool = false) -> (
        ConnectionState.Persistence, ConnectionState.Action
    ) {
        let persistence = state.replyBegins(closing: closing, now: clock, timeouts)
        return (persistence, state.replySent(isInputLeft: isInputLeft, now: clock, timeouts))
    }

    private var secondsLeft: Double { Double(state.deadline.milliseconds - clock.milliseconds) / 1000 }

    @Test("A request is read, handled and answered, and the next one is awaited")
    mutating func exchange() {
        #expect(state.phase == .awaiting && state.wantsInput && state.isReading)
        begin()
        #expect(state.phase == .readingHead && state.isReading)
        state.headRead(keepsAlive: true, isHTTP10: false, now: clock, timeouts)
        #expect(state.phase == .readingBody && state.isReading)
        state.handedOver(now: clock, timeouts)
        #expect(state.phase == .handling && !state.wantsInput && !state.isReading)
        #expect(state.awaitsReply(1) && !state.awaitsReply(0) && !state.awaitsReply(2))
        #expect(state.replyBegins(closing: false, now: clock, timeouts) == .keepAlive)
        #expect(state.phase == .writing && !state.wantsInput && !state.awaitsReply(1))
        #expect(state.replySent(isInputLeft: false, now: clock, timeouts) == .readOn)
        #expect(state.phase == .awaiting && state.wantsInput)
        request()
        #expect(state.awaitsReply(2) && !state.awaitsReply(1))
    }

    @Test("A head has 10 s from the connection's opening, later ones from their first byte")
    mutating func headTimeout() {
        #expect(secondsLeft == 10)
        pass(.seconds(4))
        begin()
        pass(.seconds(5))
        state.bytesReceived(now: clock, timeouts)
        #expect(secondsLeft == 1, "dripping gains nothing")
        #expect(state.deadlinePassed() == .refuse(.headTimeout))

        self = ConnectionStateTests()
        request()
        _ = answer()
        pass(.seconds(59))
        begin()
        #expect(secondsLeft == 10)
    }

    @Test("Who sends nothing at all is closed without an answer")
    mutating func silence() {
        #expect(state.deadlinePassed() == .close)
        #expect(state.phase == .closed && state.deadline == .never)

        self = ConnectionStateTests()
        request()
        _ = answer()
        #expect(secondsLeft == 60)
        #expect(state.deadlinePassed() == .close)
    }

    @Test("A body has 10 s between reads and 60 s in all")
    mutating func bodyTimeout() {
        begin()
        state.headRead(keepsAlive: true, isHTTP10: false, now: clock, timeouts)
        #expect(secondsLeft == 10)
        for _ in 0..<6 {
            pass(.seconds(9))
            state.bytesReceived(now: clock, timeouts)
        }
        #expect(secondsLeft == 6)
        #expect(state.deadlinePassed() == .refuse(.bodyTimeout))
    }

    @Test("A handler has 30 s; then the server answers, and a later reply is not awaited")
    mutating func replyTimeout() {
        request()
        #expect(secondsLeft == 30)
        #expect(state.deadlinePassed() == .refuse(.replyTimeout))
        #expect(answer(closing: true) == (.close, .close))
        #expect(!state.awaitsReply(1))
    }

    @Test("A peer that takes nothing of an answer for 10 s is closed; one that takes some has 10 s more")
    mutating func writeTimeout() {
        request()
        _ = state.replyBegins(closing: false, now: clock, timeouts)
        pass(.seconds(9))
        state.replyProgressed(now: clock, timeouts)
        #expect(secondsLeft == 10)
        #expect(state.deadlinePassed() == .close)
    }

    @Test("HTTP/1.0 closes unless it asks for more, and is told then")
    mutating func http10() {
        request(keepsAlive: false, isHTTP10: true)
        #expect(answer() == (.close, .close))

        self = ConnectionStateTests()
        request(keepsAlive: true, isHTTP10: true)
        #expect(answer() == (.keepAliveSaid, .readOn))
    }

    @Test("Request, answer, and the limit of requests can each end a connection")
    mutating func closing() {
        request(keepsAlive: false)
        #expect(answer() == (.close, .close))

        self = ConnectionStateTests()
        request()
        #expect(answer(closing: true) == (.close, .close))

        self = ConnectionStateTests()
        request()
        #expect(answer() == (.keepAlive, .readOn))
        request()
        #expect(answer() == (.keepAlive, .readOn))
        request()
        #expect(answer() == (.close, .close))
    }

    @Test("Where input is left, closing lingers until the peer ends, bytes or time run out")
    mutating func lingering() {
        request(keepsAlive: false)
        #expect(answer(isInputLeft: true) == (.close, .linger))
        #expect(secondsLeft == 2 && state.wantsInput && !state.isReading)
        #expect(state.discarded(262_143) == .nothing)
        #expect(state.discarded(1) == .close)

        self = ConnectionStateTests()
        request(keepsAlive: false)
        _ = answer(isInputLeft: true)
        #expect(state.peerEnded() == .close)

        self = ConnectionStateTests()
        request(keepsAlive: false)
        _ = answer(isInputLeft: true)
        #expect(state.deadlinePassed() == .close)
    }

    @Test("A peer that ends after its request is answered, then closed; one that ends before it is refused")
    mutating func peerEnds() {
        request()
        #expect(state.peerEnded() == .nothing)
        #expect(state.awaitsReply(1))
        #expect(answer(isInputLeft: true) == (.close, .close))

        self = ConnectionStateTests()
        #expect(state.peerEnded() == .close)

        self = ConnectionStateTests()
        begin()
        #expect(state.peerEnded() == .refuse(.incomplete))
        #expect(answer(closing: true, isInputLeft: true) == (.close, .close))
    }

    @Test("When the server stops, idle connections close and requests are answered with their connection's end")
    mutating func ending() {
        request()
        _ = answer()
        #expect(state.end(now: clock, timeouts) == .close)

        self = ConnectionStateTests()
        request()
        #expect(state.end(now: clock, timeouts) == .nothing)
        #expect(answer() == (.close, .close))

        self = ConnectionStateTests()
        begin()
        #expect(state.end(now: clock, timeouts) == .nothing)
        state.headRead(keepsAlive: true, isHTTP10: false, now: clock, timeouts)
        state.handedOver(now: clock, timeouts)
        #expect(answer() == (.close, .close))

        self = ConnectionStateTests()
        request()
        _ = state.replyBegins(closing: false, now: clock, timeouts)
        #expect(state.end(now: clock, timeouts) == .nothing, "the answer is on its way already")
        #expect(state.replySent(isInputLeft: false, now: clock, timeouts) == .close)
    }

    @Test("When the server stops, who has not asked yet has a second to begin, and then as long as ever")
    mutating func endingBeforeFirstRequest() {
        #expect(state.end(now: clock, timeouts) == .nothing)
        #expect(secondsLeft == 1)
        #expect(state.deadlinePassed() == .close)

        self = ConnectionStateTests()
        pass(.milliseconds(9500))
        #expect(state.end(now: clock, timeouts) == .nothing)
        #expect(secondsLeft == 0.5, "no time is gained")
        begin()
        #expect(secondsLeft == 10)
        state.headRead(keepsAlive: true, isHTTP10: false, now: clock, timeouts)
        state.handedOver(now: clock, timeouts)
        #expect(answer() == (.close, .close))

        state = ConnectionState(isEstablished: false, now: clock, timeouts)
        #expect(state.end(now: clock, timeouts) == .nothing)
        #expect(secondsLeft == 1)
        state.established(now: clock, timeouts)
        #expect(secondsLeft == 1 && state.phase == .awaiting)
        #expect(state.deadlinePassed() == .close)
    }

    @Test("Empty lines begin no request and gain no time")
    mutating func emptyLines() {
        request()
        _ = answer()
        pass(.seconds(50))
        state.bytesReceived(now: clock, timeouts)
        #expect(state.phase == .awaiting && secondsLeft == 10)
        #expect(state.peerEnded() == .close)
    }

    @Test("Deadlines are looked at every half second, more often where limits are short")
    func tick() {
        #expect(timeouts.tick == Milliseconds(.milliseconds(100)))
        var limits = Limits()
        limits.lingerTimeout = .seconds(20)
        #expect(Timeouts(limits).tick == Milliseconds(.milliseconds(500)))
        limits.headTimeout = .milliseconds(1)
        #expect(Timeouts(limits).tick == Milliseconds(.milliseconds(5)))
    }
}
