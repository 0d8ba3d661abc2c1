import Timestamps

/// Writes the heads of answers (RFC 9112 section 4), and bodies that are in memory.
struct ResponseEncoder {
    /// The field line with the time it holds, which is right for a second.
    private var dateLine: [UInt8] = []
    private var dateSecond = Int64.min

    /// Sets the time that answers are dated with, in seconds since 1970.
    mutating func setDate(_ second: Int64) {
        guard second != dateSecond else { return }
        dateSecond = second
        dateLine = Array("Date: \(Timestamp(seconds: second).httpDate)\r\n".utf8)
    }

    /// Appends the answer to `output`. To a HEAD, and with a status that has none, goes no body; a file's bytes are
    /// the caller's to send.
    func encode(
        _ response: Response, isHead: Bool, persistence: ConnectionState.Persistence, into output: OutputBuffer
    ) {
        output.append(response.status.line)
        output.append(dateLine)
        if let contentType = response.contentType {
            output.append("Content-Type: ")
            output.append(contentType)
            output.append("\r\n")
        }
        if !response.status.isBodiless {
            output.append("Content-Length: ")
            output.append(decimal: response.body.count)
            output.append("\r\n")
        }
        for field in response.fields {
            output.append(field.name)
            output.append(": ")
            for byte in field.value.utf8 { output.append(byte.isFieldContent ? byte : .space) }
            output.append("\r\n")
        }
        switch persistence {
        case .keepAlive: output.append("\r\n")
        case .keepAliveSaid: output.append("Connection: keep-alive\r\n\r\n")
        case .close: output.append("Connection: close\r\n\r\n")
        }
        if !isHead, !response.status.isBodiless, case .bytes(let bytes) = response.body {
            output.append(bytes)
        }
    }
}
