@testable import HTTPServer

/// Hands over the head of a request that is given as its first line and fields.
func withHead<Result>(_ lines: [String], _ body: (borrowing RequestHead) -> Result) throws -> Result {
    let text = ([lines[0] + " HTTP/1.1", "Host: localhost"] + lines.dropFirst()).joined(separator: "\r\n")
    let bytes = Array((text + "\r\n\r\n").utf8)
    var reader = RequestReader(Limits())
    var position = 0
    guard reader.next(bytes.span, at: &position) == .head else { throw NoHead(text: text) }
    return body(reader.head)
}

struct NoHead: Error {
    let text: String
}
