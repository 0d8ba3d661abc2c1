/// An answer to one request. Date, Content-Length and Connection are the server's business.
package struct Response: Sendable {
    package var status: Status
    /// The media type of the body, as the Content-Type field says it.
    package var contentType: StaticString?
    /// Further fields, in the order in which they are sent.
    package var fields: [Field]
    /// What a GET gets; the server leaves it out of the answer to a HEAD.
    package var body: Body
    /// Whether this is the connection's last answer.
    package var closesConnection: Bool

    package init(
        _ status: Status, contentType: StaticString? = nil, fields: [Field] = [], body: Body = .bytes([]),
        closesConnection: Bool = false
    ) {
        self.status = status
        self.contentType = contentType
        self.fields = fields
        self.body = body
        self.closesConnection = closesConnection
    }

    package enum Body: Sendable {
        case bytes([UInt8])
        /// The first `length` bytes of an open file.
        case file(OpenFile, length: Int)

        var count: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .file(_, let length): length
            }
        }
    }

    /// A header field; control characters in its value are sent as spaces.
    package struct Field: Sendable {
        let name: StaticString
        let value: String

        package init(_ name: StaticString, _ value: String) {
            self.name = name
            self.value = value
        }
    }
}

extension Response {
    /// `application/problem+json` of RFC 9457 and type `about:blank`. The title is the status's reason unless given.
    package static func problem(_ status: Status, title: String? = nil, detail: String) -> Response {
        var json = Array(#"{"type":"about:blank","title":"#.utf8)
        appendQuoted(title ?? status.reason, to: &json)
        json += Array(#","status":\#(status.rawValue),"detail":"#.utf8)
        appendQuoted(detail, to: &json)
        json.append(UInt8(ascii: "}"))
        return Response(status, contentType: "application/problem+json", body: .bytes(json))
    }

    /// A JSON string (RFC 8259 section 7).
    private static func appendQuoted(_ text: String, to json: inout [UInt8]) {
        json.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                json.append(UInt8(ascii: "\\"))
                json.append(byte)
            case 0..<0x20:
                json += Array(#"\u00"#.utf8)
                json.append(hexadecimal[Int(byte >> 4)])
                json.append(hexadecimal[Int(byte & 15)])
            default:
                json.append(byte)
            }
        }
        json.append(UInt8(ascii: "\""))
    }

    private static let hexadecimal = Array("0123456789abcdef".utf8)
}
