import Dispatch
import Isolation
import Timestamps

/// One event loop: a serial Dispatch queue, and on it one source that watches an epoll descriptor with all the
/// loop's sockets inside. A source for each connection would cost two to three times the CPU.
actor EventLoop {
    private nonisolated let executor: QueueExecutor
    nonisolated let counters = LoopCounters()
    private let mailbox: Mailbox
    private let reactor: Reactor
    private let tickInterval: DispatchTimeInterval
    private var source: (any DispatchSourceRead)?
    private var isTicking = false
    private var drained: [CheckedContinuation<Void, Never>] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    init(
        _ number: Int, listener: consuming Listener, configuration: HTTPServer.Configuration, shared: SharedState,
        handler: any RequestHandler, makeLink: @escaping @Sendable (consuming Descriptor) -> any Transport
    ) throws(ListenError) {
        executor = QueueExecutor(label: "warnbell.http.\(number)", qos: .userInitiated)
        mailbox = try Mailbox()
        tickInterval = .milliseconds(Int(Timeouts(configuration.limits).tick.count))
        reactor = try Reactor(
            listener: listener, configuration: configuration, mailbox: mailbox, shared: shared, counters: counters,
            handler: handler, makeLink: makeLink)
    }

    /// Runs `work` on the loop's queue, as soon as it is free.
    private nonisolated func enter(_ work: @escaping @Sendable (isolated EventLoop) -> Void) {
        executor.queue.async { self.assumeIsolated(work) }
    }

    /// Begins to accept and serve.
    nonisolated func start() {
        mailbox.onPost { [weak self] in
            self?.enter { $0.turn() }
        }
        enter { $0.open() }
    }

    /// Stops accepting, lets what is in flight finish for as long as `grace`, then closes the rest.
    func stop(within grace: Duration) async {
        guard source != nil else { return reactor.closeAll() }
        reactor.end()
        afterWork()
        if reactor.open > 0 {
            executor.queue.asyncAfter(deadline: .now() + .milliseconds(Int(grace.milliseconds))) {
                self.assumeIsolated { $0.finish() }
            }
            await withCheckedContinuation { drained.append($0) }
        }
        finish()
    }

    /// Returns as soon as the loop gets to it.
    func answer() {}

    /// Closes everything without waiting.
    nonisolated func abandon() {
        enter { $0.finish() }
    }

    private func open() {
        guard source == nil else { return }
        source = watch(reactor.poller)
        reactor.listen()
    }

    /// A source whose handler enters the loop. It keeps the loop alive until it is cancelled, and the descriptor
    /// with it.
    private nonisolated func watch(_ poller: Poller) -> any DispatchSourceRead {
        let source = DispatchSource.makeReadSource(fileDescriptor: poller.descriptor.number, queue: executor.queue)
        source.setEventHandler { self.assumeIsolated { $0.turn() } }
        source.setCancelHandler { withExtendedLifetime(self) {} }
        source.activate()
        return source
    }

    private func turn() {
        guard source != nil else { return }
        reactor.turn()
        afterWork()
    }

    private func tick() {
        isTicking = false
        guard source != nil else { return }
        reactor.tick()
        afterWork()
    }

    private func afterWork() {
        if reactor.open == 0 { resumeDrained() }
        if reactor.needsTurn { enter { $0.turn() } }
        // Deadlines are looked at in steps, and only while there are any.
        guard reactor.needsTick, !isTicking else { return }
        isTicking = true
        executor.queue.asyncAfter(deadline: .now() + tickInterval) { [weak self] in
            self?.assumeIsolated { $0.tick() }
        }
    }

    private func finish() {
        guard let source else { return }
        self.source = nil
        reactor.closeAll()
        source.cancel()
        resumeDrained()
    }

    private func resumeDrained() {
        for continuation in drained { continuation.resume() }
        drained = []
    }
}
