import CCurl

/// Scheme, host and port of a URL: what may be said of it in an error.
struct Origin {
    let host: String

    /// `https://misp.example.org:8443`
    let text: String

    init(of url: String) throws(HTTPClientError) {
        let parts = URLParts()
        guard parts.read(url), let scheme = parts[CURLUPART_SCHEME], let host = parts[CURLUPART_HOST] else {
            throw .invalidRequest("a URL is not valid: expected something like https://misp.example.org/")
        }
        guard scheme == "http" || scheme == "https" else {
            throw .invalidRequest("a URL begins with \(scheme)://: expected http:// or https://")
        }
        self.host = host
        text = "\(scheme)://\(host)" + (parts[CURLUPART_PORT].map { ":\($0)" } ?? "")
    }
}

/// libcurl's reader of URLs, so that an origin is what the transfer will take it for.
@safe private final class URLParts {
    private let handle = unsafe curl_url()

    deinit {
        unsafe curl_url_cleanup(handle)
    }

    func read(_ url: String) -> Bool {
        unsafe curl_url_set(handle, CURLUPART_URL, url, CUnsignedInt(CURLU_NON_SUPPORT_SCHEME)) == CURLUE_OK
    }

    subscript(part: CURLUPart) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard unsafe curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text = unsafe text else { return nil }
        defer { unsafe curl_free(text) }
        return unsafe String(cString: text)
    }
}
