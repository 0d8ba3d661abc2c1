/// The right to answer one request, once, from any thread.
///
/// A second completion, or one that comes after the peer has gone or after ``Limits/replyTimeout``, changes nothing.
/// A responder that is dropped without a completion leaves its request to that timeout.
package struct Responder: Sendable {
    let mailbox: Mailbox
    let ticket: Ticket

    /// Answers the request. Completions are collected: many cost their event loop one wake-up.
    package func complete(_ response: Response) {
        mailbox.post(Completion(ticket: ticket, response: response))
    }
}

/// Which request of which connection is meant; a connection's place is used again, a generation is not.
struct Ticket: Equatable, Sendable {
    let slot: UInt32
    let generation: UInt32
    let request: UInt32
}

/// An answer on its way to the loop that sends it.
struct Completion: Sendable {
    let ticket: Ticket
    let response: Response
}
