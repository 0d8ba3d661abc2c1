extension HTTPClient {
    /// An answer, read whole and decompressed.
    package struct Response: Sendable {
        package var status: Int
        package var headers: Headers
        package var body: [UInt8]

        /// Until when the server's certificate is good, as libcurl writes it: `Nov 26 17:00:00 2026 GMT`. Nil where
        /// nobody asked, on a connection that was used before, and without TLS.
        package var certificateEnd: String?

        package init(
            status: Int, headers: Headers = Headers(), body: [UInt8] = [], certificateEnd: String? = nil
        ) {
            self.status = status
            self.headers = headers
            self.body = body
            self.certificateEnd = certificateEnd
        }
    }

    /// The fields of an answer in the order they came.
    package struct Headers: Sendable {
        package private(set) var fields: [(name: String, value: String)] = []

        package init(_ fields: [(name: String, value: String)] = []) {
            self.fields = fields
        }

        /// The value of the first field with this name, in any case.
        package subscript(name: String) -> String? {
            let name = name.lowercased()
            return fields.first { $0.name.lowercased() == name }?.value
        }

        /// Reads one line of a head. A status line starts anew: what came before it was an interim answer.
        mutating func read(line: some StringProtocol) {
            if line.hasPrefix("HTTP/") {
                fields.removeAll()
            } else if let colon = line.firstIndex(of: ":") {
                let value = line[line.index(after: colon)...]
                    .drop { $0.isWhitespace }
                fields.append((String(line[..<colon]), String(value).trimmingSuffix { $0.isWhitespace }))
            }
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> String {
        guard let end = lastIndex(where: { !isTrimmed($0) }) else { return "" }
        return String(self[...end])
    }
}
