extension HTTPClient.Request {
    /// Refuses what would put other lines into the head than those meant (RFC 9110 sections 5.1 and 5.5).
    func validate() throws(HTTPClientError) {
        guard method.isToken else { throw .invalidRequest("the method is no token") }
        for (name, value) in headers {
            guard name.isToken else { throw .invalidRequest("a header's name is no token") }
            guard !value.utf8.contains(where: { $0 == 0 || $0 == 10 || $0 == 13 }) else {
                throw .invalidRequest("the value of the header \(name) holds a line break or a NUL")
            }
        }
    }
}

extension String {
    /// A token of RFC 9110 section 5.6.2.
    fileprivate var isToken: Bool {
        !isEmpty
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
