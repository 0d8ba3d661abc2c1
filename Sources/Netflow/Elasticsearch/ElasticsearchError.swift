/// Why Elasticsearch or OpenSearch gave no answer, told apart by what a person has to do.
///
/// No case holds a credential. What the server said is cut to a readable length.
package enum ElasticsearchError: Error, Sendable, Equatable {
    /// No answer at all: a name that does not resolve, a refused connection, a certificate that is not trusted.
    case unreachable(String)

    /// The cluster took the request and did not answer in time.
    case slow(String)

    /// 401: no credentials, or wrong ones.
    case unauthorized(reason: String)

    /// 403: the user is known, but may not do this.
    case forbidden(action: String, reason: String)

    /// 404: an index that was named exactly is not there.
    case noSuchIndex(String)

    /// 429, or 503 and the like from the cluster or a proxy in front of it: the same again later.
    case overloaded(status: Int, reason: String, retryAfter: Duration?)

    /// The request is refused for what it is: a closed index, a limit of the cluster, a field that cannot be asked.
    case refused(status: Int, type: String, reason: String)

    /// The answer is no JSON, or none that fits the question; a proxy's or another program's page, most likely.
    case notElasticsearch(status: Int, beginning: String)

    /// Whether asking again, for less at a time, may help.
    var isTransient: Bool {
        switch self {
        case .overloaded, .slow: true
        default: false
        }
    }

    /// How often a search is sent: of one that takes so long a second time is enough.
    func attempts(of most: Int) -> Int {
        if case .slow = self { min(most, 2) } else { most }
    }

    /// Whether every other question now fails alike.
    var concernsAll: Bool {
        switch self {
        case .unreachable, .unauthorized, .notElasticsearch: true
        case .slow, .forbidden, .noSuchIndex, .overloaded, .refused: false
        }
    }
}

extension ElasticsearchError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreachable(let reason), .slow(let reason): reason
        case .unauthorized(let reason):
            "Elasticsearch takes no request without valid credentials (401: \(reason)); "
                + "check netflow.elasticsearch.user and .password, or .api_key"
        case .forbidden(let action, let reason):
            "the Elasticsearch user may not use \(action) on the flow indices (403: \(reason)); "
                + "give its role the right to read them"
        case .noSuchIndex(let name):
            "Elasticsearch has no index \(name); check netflow.elasticsearch.index"
        case .overloaded(let status, let reason, _): "Elasticsearch is too busy to answer (\(status): \(reason))"
        case .refused(let status, let type, let reason):
            "Elasticsearch refused the search (\(status) \(type): \(reason))"
        case .notElasticsearch(let status, let beginning):
            "expected JSON from Elasticsearch, got status \(status) with \"\(beginning)\"; "
                + "check netflow.elasticsearch.url"
        }
    }
}
