/// What answers the requests of one event loop; every call comes on that loop's queue, and nothing in it may block.
///
/// A request comes in two steps: its head, so that it can be refused before the body is read (and before
/// `100 Continue` asks for it), then its whole body.
package protocol RequestHandler: AnyObject {
    /// A request's head has arrived and is well formed.
    func head(_ head: borrowing RequestHead, peer: Peer) -> HeadDecision

    /// The request is complete. `body` is valid during the call only; `responder` may be completed now or later,
    /// from any thread. One request of a connection is with the handler at a time.
    func body(_ head: borrowing RequestHead, _ body: Span<UInt8>, peer: Peer, _ responder: Responder)

    /// The server refused a request by itself, before it got here or while its body or answer was awaited.
    func rejected(_ rejection: Rejection, peer: Peer)
}

/// What becomes of a request whose head is known.
package enum HeadDecision: Sendable {
    /// Read the body if there is one, up to this many bytes, and hand it over; more is refused with 413. What the
    /// handler notes of the request stands in ``RequestHead/note`` then.
    case read(bodyLimit: Int, note: UInt32 = 0)
    /// Answer now. A body that has not arrived yet is not read, and the connection closes.
    case reply(Response)
}
