import HTTPClient

extension MISPError {
    /// What it means that there is no answer at all.
    init(_ error: HTTPClientError) {
        switch error {
        case .invalidRequest, .untrusted, .wrongName, .wrongPin, .unreadableAuthorities:
            self = .misconfigured(error.description)
        case .tooLarge: self = .unexpected(error.description)
        case .cannotResolve, .cannotConnect, .timedOut, .connectionLost, .cancelled, .closed, .failed:
            self = .unavailable(error.description)
        }
    }
}
