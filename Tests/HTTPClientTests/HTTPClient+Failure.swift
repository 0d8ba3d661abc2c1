import HTTPClient

extension HTTPClient {
    /// The error that a request ends with; nil when there is an answer.
    func failure(of request: Request) async -> HTTPClientError? {
        do {
            _ = try await send(request)
            return nil
        } catch {
            return error
        }
    }
}

extension HTTPClientError {
    /// The case's name alone.
    var kind: String { Mirror(reflecting: self).children.first?.label ?? "\(self)" }
}
