extension HTTPClient {
    /// A request to be sent.
    package struct Request: Sendable {
        package var method: String

        /// An absolute `http` or `https` URL.
        package var url: String

        package var headers: [(String, String)]
        package var body: [UInt8]

        /// From the call to the last byte of the answer.
        package var timeout: Duration

        /// Whether the body goes out as gzip (`Content-Encoding: gzip`); bodies too short to gain go as they are.
        package var isCompressed: Bool

        /// Whether the answer is to tell of the server's certificate; it can on a new connection only.
        package var tellsCertificate: Bool

        package init(
            method: String, url: String, headers: [(String, String)] = [], body: [UInt8] = [],
            timeout: Duration = .seconds(60), isCompressed: Bool = false, tellsCertificate: Bool = false
        ) {
            self.method = method
            self.url = url
            self.headers = headers
            self.body = body
            self.timeout = timeout
            self.isCompressed = isCompressed
            self.tellsCertificate = tellsCertificate
        }

        /// Bodies below this many bytes are not worth compressing.
        package static let compressionThreshold = 1024

        /// The request as it goes out: body and fields that belong together.
        func compressed() -> Request {
            guard isCompressed, body.count >= Self.compressionThreshold else { return self }
            var request = self
            request.body = Gzip.compress(body)
            request.headers.append(("Content-Encoding", "gzip"))
            return request
        }
    }
}
