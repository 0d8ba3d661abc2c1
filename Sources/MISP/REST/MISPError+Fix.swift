import HTTPClient

extension HTTPClientError {
    /// What whoever set up the connection to MISP can do about it.
    var fix: String {
        switch self {
        case .invalidRequest: "write misp.url as in https://misp.example.org"
        case .cannotResolve: "look at the name in misp.url and at this machine's resolver"
        case .cannotConnect, .timedOut(_, _, isConnected: false):
            "look whether MISP runs, at misp.url, and at firewalls and proxies in between"
        case .untrusted: "name the authority's certificate in misp.ca_file"
        case .wrongName: "use a name in misp.url that the certificate is for"
        case .wrongPin: "look at the server; if its key was changed on purpose, set misp.pin_sha256 anew"
        case .unreadableAuthorities: "put certificates in PEM form into misp.ca_file"
        case .timedOut(_, _, isConnected: true): "look at the load of the server, or raise misp.timeout"
        case .tooLarge, .connectionLost, .cancelled, .closed, .failed: "look at the logs of the server and its proxy"
        }
    }
}

extension MISPError {
    /// The same for an answer; nil where there is nothing to be said beyond the error itself.
    var fix: String? {
        switch self {
        case .authentication:
            "in MISP, make an automation key for the user, one that this address may use, and set misp.key"
        case .permission: "in MISP, give the user's role the right, or the user another role"
        case .unavailable:
            "open misp.url in a browser: it should be MISP's own address, its path included, without a login page of "
                + "a proxy's before it"
        case .unexpected: "look whether misp.url is a MISP of version 2.4 or later"
        default: nil
        }
    }
}
