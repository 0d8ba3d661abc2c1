/// What a peer may make the server spend; a request past one of these is refused with the status named.
package struct Limits: Sendable {
    /// Bytes of a request's head, from the first one to the empty line; also of a chunked body's trailers. 431.
    package var headBytes = 32 * 1024

    /// Bytes of one header field, name and value, without its CRLF. 431.
    package var fieldBytes = 16 * 1024

    /// Bytes of the request target. RFC 9112 section 3 asks for at least 8000. 414.
    package var targetBytes = 8 * 1024

    /// Header fields of a request, and trailers of a body. 431.
    package var fields = 100

    /// Bytes of a body for which the handler names no smaller limit of its own. 413.
    package var bodyBytes = 1024 * 1024

    /// Bytes of all extensions of a chunked body. 413.
    package var chunkExtensionBytes = 16 * 1024

    /// Bytes kept of all bodies that have not arrived wholly. 503.
    package var bodyMemoryBytes = 64 * 1024 * 1024

    /// Requests served on one connection before it is closed.
    package var requestsPerConnection = 1000

    /// Connections open at a time. Those beyond it are accepted, answered 503 and closed, instead of being left in the
    /// backlog: a sender learns at once, it is counted, and the backlog is not the attacker's.
    package var connections = 1024

    /// Connections of one peer address (an IPv6 /64) at a time; those beyond it are answered 429 and closed.
    package var connectionsPerAddress = 256

    /// Connections beyond the limits that are being answered at a time; further ones are closed unanswered.
    package var refusedConnections = 64

    /// From a connection's opening to the end of its TLS handshake; then it is closed.
    package var handshakeTimeout = Duration.seconds(10)

    /// From a head's first byte (for the first request: from the connection's opening) to its last. 408.
    package var headTimeout = Duration.seconds(10)

    /// Between two reads of a body. 408.
    package var bodyIdleTimeout = Duration.seconds(10)

    /// From a head's end to the body's. 408.
    package var bodyTimeout = Duration.seconds(60)

    /// Between the answer to a request and the first byte of the next.
    package var keepAliveTimeout = Duration.seconds(60)

    /// Without any progress while an answer is being sent.
    package var writeTimeout = Duration.seconds(10)

    /// From the handing over of a request to its completion by a ``Responder``; then the server answers 503 itself.
    package var replyTimeout = Duration.seconds(30)

    /// How long a connection that was refused something is read and discarded, so that the peer sees the answer.
    package var lingerTimeout = Duration.seconds(2)

    /// How many bytes are discarded then.
    package var lingerBytes = 256 * 1024

    package init() {}
}
