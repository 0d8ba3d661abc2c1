/// One connection and what is kept for it; confined to its event loop. An idle one keeps no buffer.
final class Connection {
    let slot: UInt32
    let generation: UInt32
    var peer: Peer
    let admission: ConnectionQuota.Admission
    let link: any Transport
    var state: ConnectionState

    /// A request that has begun to arrive.
    var reader: ReaderBox?
    /// Input beyond the request that is being answered: it waits, and nothing more is read meanwhile.
    var unread = ByteQueue()
    /// What the peer has not taken yet.
    var unsent = ByteQueue()
    /// The file whose bytes follow those.
    var file: FileBody?
    /// Whether the transport may hold input that epoll doesn't know of.
    var mayHoldInput = false
    /// Whether the peer sent, or may be sending, bytes that nobody will read after the answer.
    var isInputLeft = false
    /// Whether the request being answered is a HEAD.
    var isHead = false

    /// What the event loop watches for.
    var interest: UInt32
    /// The readiness that reading waits for.
    var readInterest: UInt32
    /// The readiness that writing waits for.
    var writeInterest: UInt32

    init(
        slot: UInt32, generation: UInt32, peer: Peer, admission: ConnectionQuota.Admission, link: any Transport,
        state: ConnectionState
    ) {
        self.slot = slot
        self.generation = generation
        self.peer = peer
        self.admission = admission
        self.link = link
        self.state = state
        interest = Poller.readable
        readInterest = Poller.readable
        writeInterest = Poller.writable
    }

    /// What identifies the connection to the event loop.
    var token: UInt64 { UInt64(generation) << 32 | UInt64(slot) }

    var ticket: Ticket { Ticket(slot: slot, generation: generation, request: state.request) }

    /// Whether anything of an answer still has to go out.
    var hasOutput: Bool { !unsent.isEmpty || file != nil }
}

/// The part of a file that is still to be sent.
struct FileBody {
    let file: OpenFile
    var offset: Int
    let end: Int
}
