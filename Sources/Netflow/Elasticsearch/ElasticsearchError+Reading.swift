import HTTPClient
import JSON

extension ElasticsearchError {
    /// The error in a response that is not a success, or whose body is no JSON.
    init(_ response: HTTPClient.Response, action: String) {
        let document = try? JSONDocument(response.body)
        guard let error = document?.root["error"] else {
            // OpenSearch's security plug-in answers with a line of plain text, proxies with a page of HTML.
            self.init(status: response.status, page: response.body, response.headers, action: action)
            return
        }
        self.init(status: response.status, error, response.headers, action: action)
    }

    /// The error that takes the place of one answer in an answer to `_msearch`.
    init(item: JSONValue, action: String) {
        self.init(status: item["status"]?.int ?? 500, item["error"], HTTPClient.Headers(), action: action)
    }

    /// JSON that does not fit the question.
    static func unexpected(_ document: JSONDocument) -> ElasticsearchError {
        .notElasticsearch(status: 200, beginning: cut(String(decoding: document.bytes.prefix(2000), as: UTF8.self)))
    }

    private init(status: Int, _ error: JSONValue?, _ headers: HTTPClient.Headers, action: String) {
        // `error` is an object, or only a sentence: "no handler found for uri […]".
        let cause = error?.value(at: "root_cause") ?? error
        let type = ServerText.line(cause?["type"]?.string ?? error?["type"]?.string ?? "error")
        let reason = Self.cut(
            cause?["reason"]?.string ?? error?["reason"]?.string ?? error?.string ?? "no reason given")
        let isBusy = ["rejected_execution_exception", "es_rejected_execution_exception", "circuit_breaking_exception"]
            .contains(type)
        switch status {
        case 401: self = .unauthorized(reason: reason)
        case 403: self = .forbidden(action: action, reason: reason)
        case 404 where type == "index_not_found_exception":
            let index = cause?["index"]?.string ?? error?["index"]?.string
            self = .noSuchIndex(index.map(ServerText.line) ?? reason)
        case _ where type == "too_many_buckets_exception":
            // Comes as 503, but the same question gets the same answer.
            self = .refused(status: status, type: type, reason: reason)
        case 429, 502, 503, 504:
            self = .overloaded(status: status, reason: reason, retryAfter: Self.retryAfter(headers))
        case _ where isBusy:
            self = .overloaded(status: status, reason: reason, retryAfter: Self.retryAfter(headers))
        default: self = .refused(status: status, type: type, reason: reason)
        }
    }

    private init(status: Int, page: [UInt8], _ headers: HTTPClient.Headers, action: String) {
        let text = Self.cut(String(decoding: page.prefix(2000), as: UTF8.self))
        switch status {
        case 401: self = .unauthorized(reason: text)
        case 403: self = .forbidden(action: action, reason: text)
        case 429, 502, 503, 504:
            self = .overloaded(status: status, reason: text, retryAfter: Self.retryAfter(headers))
        default: self = .notElasticsearch(status: status, beginning: text)
        }
    }

    /// Seconds of a Retry-After field (RFC 9110 section 10.2.3); its other form, a date, is not used here.
    private static func retryAfter(_ headers: HTTPClient.Headers) -> Duration? {
        headers["Retry-After"].flatMap { Int($0) }.flatMap { $0 >= 0 ? .seconds($0) : nil }
    }

    private static func cut(_ text: String) -> String {
        let line = ServerText.line(text)
        return line.isEmpty ? "no reason given" : line
    }
}
