import CLinux
import Glibc

/// All connections of one event loop and what happens to them; confined to the loop's queue.
///
/// ``turn()`` takes up what is ready and returns; nothing in it waits for a peer. A file that is sent is read on the
/// loop's queue: handlers should answer with files of local disks only.
final class Reactor {
    /// The token of the listener's events; no connection has it.
    static var listenerToken: UInt64 { .max }
    /// The token of the mailbox's bell.
    static var bellToken: UInt64 { .max - 1 }

    let poller: Poller
    let mailbox: Mailbox
    let handler: any RequestHandler
    let limits: Limits
    let timeouts: Timeouts
    let shared: SharedState
    let counters: LoopCounters
    let makeLink: @Sendable (consuming Descriptor) -> any Transport
    var listener: Listener?

    var now = Instant.now()
    var encoder = ResponseEncoder()
    /// The connections by place, and the generation that each place had last.
    var connections: [Connection?] = []
    var generations: [UInt32] = []
    var freeSlots: [UInt32] = []
    var open = 0
    var isAcceptPaused = false

    /// Where input is read to; what is not used up at once is copied from it.
    let input: Scratch
    /// Where the head of an answer and a body in memory are put together.
    let output = OutputBuffer()
    /// A reader for requests that arrive in one piece; others keep theirs.
    var idleReader: ReaderBox?
    /// Where pieces of files are read to.
    lazy var fileScratch = Scratch(capacity: 64 * 1024)
    /// Connections whose transport may hold input that epoll doesn't know of.
    var revisits: [Connection] = []
    private var collected: [Completion] = []
    /// Whether answers were left waiting, and nobody calls the loop for them.
    private var hasMail = false

    init(
        listener: consuming Listener?, configuration: HTTPServer.Configuration, mailbox: Mailbox,
        shared: SharedState, counters: LoopCounters, handler: any RequestHandler,
        makeLink: @escaping @Sendable (consuming Descriptor) -> any Transport
    ) throws(ListenError) {
        poller = try Poller(capacity: 64)
        self.mailbox = mailbox
        self.handler = handler
        self.shared = shared
        self.counters = counters
        self.makeLink = makeLink
        limits = configuration.limits
        timeouts = Timeouts(configuration.limits)
        input = Scratch(capacity: 16 * 1024)
        guard poller.add(mailbox.bell, token: Self.bellToken) else { throw ListenError.call("epoll_ctl", errno: errno) }
        if let listener = consume listener {
            guard poller.add(listener.descriptor, 0, token: Self.listenerToken) else {
                throw ListenError.call("epoll_ctl", errno: errno)
            }
            self.listener = consume listener
        }
    }

    /// Begins to accept.
    func listen() {
        watchListener(Poller.readable)
    }

    /// Takes up what is ready, in so many batches at most that other work of the queue gets its turn.
    ///
    /// When nothing is ready any more, it waits a millisecond for the next request before it leaves: to go back to
    /// Dispatch and be called again costs as much as a request.
    func turn() {
        mailbox.attend()
        for _ in 0..<32 {
            let mayWait = revisits.isEmpty && mailbox.leave(to: .listening)
            let count = poller.poll(waiting: mayWait ? 1 : 0)
            if mayWait {
                mailbox.attend()
                if count == 0 { break }
            }
            readClock()
            for index in 0..<count { take(poller.event(index)) }
            deliverCompletions()
        }
        leave()
    }

    private func take(_ event: (token: UInt64, readiness: UInt32)) {
        if event.token == Self.listenerToken {
            acceptConnections()
        } else if let connection = connection(event.token) {
            ready(connection, event.readiness)
        }
    }

    /// Work is done for now: whoever posts an answer must call the loop. What was posted meanwhile is left to the next
    /// turn, for those who wait in the poller and in the queue come first.
    private func leave() {
        hasMail = !mailbox.leave(to: .away)
    }

    /// Looks for connections whose time is up.
    func tick() {
        mailbox.attend()
        readClock()
        expire()
        resumeAccepting()
        leave()
    }

    /// Ends what should have happened by now.
    func expire() {
        for connection in connections {
            if let connection, connection.state.deadline <= now {
                perform(connection.state.deadlinePassed(), on: connection)
            }
        }
    }

    /// Whether ``turn()`` is needed though nothing may become ready.
    var needsTurn: Bool { hasMail || !revisits.isEmpty }

    /// Whether ``tick()`` is needed.
    var needsTick: Bool { open > 0 || isAcceptPaused }

    /// Stops accepting and ends what is idle; the rest ends with its answer.
    func end() {
        mailbox.attend()
        readClock()
        // Who connected before is served or told; closing the listener would reset them.
        isAcceptPaused = false
        acceptConnections(atMost: Listener.backlog)
        listener = nil
        isAcceptPaused = false
        for connection in connections {
            guard let connection else { continue }
            // A request may lie there already, unread.
            if connection.state.phase == .awaiting { readable(connection) }
            guard connections[Int(connection.slot)] === connection else { continue }
            perform(connection.state.end(now: now, timeouts), on: connection)
        }
        leave()
    }

    /// Closes everything at once.
    func closeAll() {
        listener = nil
        for connection in connections {
            if let connection { perform(connection.state.close(), on: connection) }
        }
        revisits = []
    }

    /// Hands the answers that have come in to their connections; whether there were any.
    @discardableResult
    func deliverCompletions() -> Bool {
        mailbox.collect(into: &collected)
        let again = revisits
        revisits = []
        let isEmpty = collected.isEmpty && again.isEmpty
        for completion in collected {
            let ticket = completion.ticket
            guard let connection = connection(UInt64(ticket.generation) << 32 | UInt64(ticket.slot)),
                connection.state.awaitsReply(ticket.request)
            else { continue }
            reply(completion.response, to: connection)
            takeUpUnread(connection)
        }
        collected.removeAll(keepingCapacity: true)
        for connection in again where connection.state.wantsInput { readable(connection) }
        return !isEmpty
    }

    private func readClock() {
        now = .now()
        encoder.setDate(clinux_seconds_since_1970())
    }

    /// The connection that has this token still.
    private func connection(_ token: UInt64) -> Connection? {
        let slot = Int(token & 0xffff_ffff)
        guard slot < connections.count, let connection = connections[slot], connection.token == token else {
            return nil
        }
        return connection
    }

    /// The connection's descriptor is ready for what is watched for, or broken.
    func ready(_ connection: Connection, _ readiness: UInt32) {
        let isBroken = readiness & Poller.hungUp != 0
        if connection.hasOutput, readiness & (connection.writeInterest | Poller.hungUp) != 0 {
            flush(connection)
            takeUpUnread(connection)
        }
        guard connection.state.phase != .closed else { return }
        if connection.state.wantsInput {
            if isBroken || readiness & connection.readInterest != 0 { readable(connection) }
        } else if isBroken {
            // Both directions are over: there is nobody to answer.
            perform(connection.state.close(), on: connection)
        } else {
            // More came than is asked for: it waits in the socket until the answer is sent.
            connection.isInputLeft = true
            updateInterest(connection)
        }
    }

    /// Watches for just what the connection can use.
    func updateInterest(_ connection: Connection) {
        var interest: UInt32 = 0
        if connection.state.wantsInput { interest |= connection.readInterest }
        if connection.hasOutput { interest |= connection.writeInterest }
        guard interest != connection.interest else { return }
        connection.interest = interest
        poller.change(connection.link.descriptor, interest, token: connection.token)
    }

    /// Does what the connection's state asks for.
    func perform(_ action: ConnectionState.Action, on connection: Connection) {
        switch action {
        case .nothing: break
        case .readOn: updateInterest(connection)
        case .refuse(let rejection): refuse(connection, rejection)
        case .drop(let rejection):
            count(rejection, of: connection.peer)
            perform(connection.state.close(), on: connection)
        case .linger:
            connection.link.endWriting()
            updateInterest(connection)
        case .close: forget(connection)
        }
    }
}
