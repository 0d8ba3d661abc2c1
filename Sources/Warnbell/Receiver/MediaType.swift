import HTTPServer

/// The media types that alerts come in.
enum MediaType {
    /// Whether the request says that its body is JSON or NDJSON, or says nothing of it.
    ///
    /// Parameters are ignored: JSON is UTF-8 (RFC 8259 section 8.1), and bytes that aren't are refused when read.
    static func isJSON(_ head: borrowing RequestHead) -> Bool {
        guard let isPlain = head.withField("content-type", { $0.isApplicationJSON }) else { return true }
        return isPlain || isJSON(head.field("content-type") ?? "")
    }

    /// The same for the value of a Content-Type field.
    static func isJSON(_ value: String) -> Bool {
        let type = value.prefix { $0 != ";" && $0 != " " && $0 != "\t" }.lowercased()
        return type == "application/json" || type == "application/x-ndjson" || type == "application/ndjson"
            || (type.hasPrefix("application/") && type.hasSuffix("+json"))
    }
}

extension Span<UInt8> {
    /// The value that Wazuh's scripts send: told without making text of it.
    fileprivate var isApplicationJSON: Bool {
        let expected: StaticString = "application/json"
        guard count == expected.utf8CodeUnitCount else { return false }
        return expected.withUTF8Buffer { letters in
            for index in indices where unsafe self[index] != letters[index] { return false }
            return true
        }
    }
}
