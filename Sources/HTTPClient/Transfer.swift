import CCurl
import Isolation

/// One request in the hands of libcurl.
///
/// Made, used and released on the loop's thread.
@safe final class Transfer {
    /// Tells the transfers of a loop apart.
    struct ID: Hashable {
        private let handle: Int

        init(_ easy: UnsafeMutableRawPointer?) { handle = Int(bitPattern: easy) }
    }

    let easy: UnsafeMutableRawPointer
    let ticket: Ticket
    let origin: Origin
    var answer: Answer

    /// Request fields and the text of the last error; libcurl reads and writes them until the end.
    var fields: UnsafeMutablePointer<curl_slist>?
    let message: UnsafeMutablePointer<CChar>

    var id: ID { unsafe ID(easy) }
    var isCancelled: Bool { ticket.isCancelled.isSet }

    init(_ ticket: Ticket) throws(HTTPClientError) {
        let origin = try Origin(of: ticket.request.url)
        try ticket.request.validate()
        guard let easy = unsafe curl_easy_init() else {
            throw .failed(origin: origin.text, reason: "out of memory")
        }
        unsafe self.easy = easy
        self.ticket = ticket
        self.origin = origin
        answer = Answer(ticket.configuration)
        unsafe message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        let result = setOptions()
        guard result == CURLE_OK else { throw .failed(origin: origin.text, reason: Self.text(of: result)) }
    }

    deinit {
        unsafe curl_easy_cleanup(easy)
        unsafe curl_slist_free_all(fields)
        unsafe message.deallocate()
    }

    /// Hands over what came of the transfer.
    func finish(_ code: CURLcode) {
        guard code == CURLE_OK else { return fail(error(for: code)) }
        var status = 0
        unsafe ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        ticket.finish(
            .success(
                HTTPClient.Response(
                    status: status, headers: answer.headers, body: answer.body, certificateEnd: certificateEnd)))
    }

    /// The line `Expire date:…` of the first certificate of the chain, which is the server's own.
    private var certificateEnd: String? {
        guard ticket.request.tellsCertificate else { return nil }
        var line = unsafe ccurl_first_certificate(easy)
        while let part = unsafe line?.pointee {
            let text = unsafe String(cString: part.data)
            if text.hasPrefix("Expire date:") { return String(text.dropFirst("Expire date:".count)) }
            unsafe line = part.next
        }
        return nil
    }

    func fail(_ error: HTTPClientError) {
        ticket.finish(.failure(error))
    }
}
