import CCurl
import Glibc

extension Transfer {
    /// What a failed transfer means. libcurl's own message is used for what it says of certificates only.
    func error(for code: CURLcode) -> HTTPClientError {
        let origin = origin.text
        if let limit = answer.exceededLimit { return .tooLarge(origin: origin, limit: limit) }
        switch code {
        case CURLE_FILESIZE_EXCEEDED:
            return .tooLarge(origin: origin, limit: ticket.configuration.maxResponseBytes)
        case CURLE_COULDNT_RESOLVE_HOST: return .cannotResolve(host: self.origin.host)
        case CURLE_COULDNT_CONNECT:
            return .cannotConnect(origin: origin, reason: systemError ?? Self.text(of: code))
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY:
            return .cannotConnect(origin: origin, reason: Self.text(of: code))
        case CURLE_OPERATION_TIMEDOUT: return timeOut
        case CURLE_PEER_FAILED_VERIFICATION where isChainTrusted:
            return .wrongName(origin: origin, reason: detail ?? Self.text(of: code))
        case CURLE_PEER_FAILED_VERIFICATION:
            return .untrusted(origin: origin, reason: detail ?? Self.text(of: code))
        case CURLE_SSL_CONNECT_ERROR:
            return .failed(origin: origin, reason: detail ?? Self.text(of: code))
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH: return .wrongPin(origin: origin)
        case CURLE_SSL_CACERT_BADFILE:
            return .unreadableAuthorities(file: ticket.configuration.caFile ?? "of the system")
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE, CURLE_WEIRD_SERVER_REPLY,
            CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING:
            return .connectionLost(origin: origin, reason: Self.text(of: code))
        default: return .failed(origin: origin, reason: Self.text(of: code))
        }
    }

    /// libcurl's words for a kind of failure, without anything of the request.
    static func text(of code: CURLcode) -> String {
        unsafe String(cString: curl_easy_strerror(code))
    }

    /// Which of the two limits was hit: before anything could be sent it is the time to connect.
    private var timeOut: HTTPClientError {
        var sent: curl_off_t = 0
        unsafe ccurl_get_size(easy, CURLINFO_PRETRANSFER_TIME_T, &sent)
        let configuration = ticket.configuration
        let limit = ticket.request.timeout
        return sent > 0
            ? .timedOut(origin: origin.text, after: limit, isConnected: true)
            : .timedOut(
                origin: origin.text, after: min(limit, configuration.connectTimeout), isConnected: false)
    }

    /// OpenSSL's verdict on the chain is X509_V_OK, or still the 1 that libcurl starts with: the name came first.
    private var isChainTrusted: Bool { number(CURLINFO_SSL_VERIFYRESULT) <= 1 }

    private var systemError: String? {
        let code = number(CURLINFO_OS_ERRNO)
        return code == 0 ? nil : unsafe String(cString: strerror(CInt(code)))
    }

    private var detail: String? {
        let text = unsafe String(cString: message)
        return text.isEmpty ? nil : text
    }

    private func number(_ info: CURLINFO) -> Int {
        var value = 0
        unsafe ccurl_get_long(easy, info, &value)
        return value
    }
}
