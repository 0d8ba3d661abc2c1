import Isolation

/// Sends HTTP/1.1 requests through libcurl, on one thread for all of them.
///
/// Connections are kept and used again. Certificates are always verified. A redirect is an answer like any other:
/// it is never followed, so no credential goes anywhere but to the origin it was meant for. Cookies are ignored.
/// Proxies are taken from the environment (`https_proxy`, `no_proxy`) as curl does.
package final class HTTPClient: Sendable {
    private let configuration: Configuration
    private let loop: TransferLoop

    package init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
        loop = TransferLoop(connectionsPerHost: configuration.connectionsPerHost)
    }

    deinit {
        loop.close()
    }

    /// Sends a request and waits for the whole answer, whatever its status.
    ///
    /// When the task is cancelled the transfer is broken off at once and ``HTTPClientError/cancelled`` thrown; whether
    /// the other side has acted on the request is then unknown, as it is after every error but those of connecting.
    ///
    /// A request whose kept connection ends before the first byte of an answer is sent once more on a new one, whatever
    /// its method: it must be one that may arrive twice.
    package func send(_ request: Request) async throws(HTTPClientError) -> Response {
        let request = request.compressed()
        let isCancelled = Flag()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.start(Ticket(request, configuration, continuation, isCancelled: isCancelled))
            }
        } onCancel: {
            isCancelled.set()
            loop.wake()
        }
        return try result.get()
    }

    /// Breaks off what is in flight and takes nothing more: both end with ``HTTPClientError/closed``.
    package func close() {
        loop.close()
    }
}

extension HTTPClient {
    /// How requests are sent; the same for all of a client's requests.
    package struct Configuration: Sendable {
        package var userAgent = "warnbell/0.1.0"

        /// A file with certificates in PEM form that are trusted in place of the system's.
        package var caFile: String?

        /// The hash of the public key that the server must show, next to a valid certificate:
        /// `sha256//` and base64, several separated by `;`.
        package var pinnedPublicKey: String?

        package var connectTimeout = Duration.seconds(10)

        /// The longest body that is taken, counted after decompression.
        package var maxResponseBytes = 64 << 20

        /// The most header bytes that are taken.
        package var maxHeaderBytes = 64 << 10

        /// Connections to one host; requests beyond them wait, on their own time.
        package var connectionsPerHost = 8

        package init() {}
    }
}
