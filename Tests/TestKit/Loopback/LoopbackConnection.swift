import Glibc

/// One connection of a ``LoopbackServer``: reads requests and writes replies until one side closes.
struct LoopbackConnection {
    private let socket: Int32
    private let number: Int
    private var buffer: [UInt8] = []

    init(_ socket: Int32, number: Int) {
        self.socket = socket
        self.number = number
    }

    consuming func serve(_ handler: LoopbackServer.Handler) {
        var connection = self
        while let request = connection.readRequest() {
            guard connection.send(handler(request), to: request) else { return }
        }
    }

    // MARK: Requests

    /// The next request; nil when the client left or what it sent is no HTTP.
    private mutating func readRequest() -> LoopbackServer.Request? {
        guard let line = readLine() else { return nil }
        let parts = line.split(separator: " ")
        guard parts.count == 3, parts[2].hasPrefix("HTTP/1."), let fields = readFields() else { return nil }
        var request = LoopbackServer.Request(
            method: String(parts[0]), target: String(parts[1]), fields: fields, body: [], connection: number)
        if request["Expect"]?.lowercased() == "100-continue" {
            Socket.write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), to: socket)
        }
        if request["Transfer-Encoding"]?.lowercased() == "chunked" {
            guard let body = readChunks() else { return nil }
            request.body = body
        } else if let length = request["Content-Length"] {
            guard let length = Int(length), length >= 0, let body = read(length) else { return nil }
            request.body = body
        }
        return request
    }

    private mutating func readFields() -> [(name: String, value: String)]? {
        var fields: [(name: String, value: String)] = []
        while let line = readLine() {
            if line.isEmpty { return fields }
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            fields.append((String(line[..<colon]), String(value)))
        }
        return nil
    }

    private mutating func readChunks() -> [UInt8]? {
        var body: [UInt8] = []
        while let line = readLine(), let size = Int(line.prefix { $0 != ";" }, radix: 16), size >= 0 {
            if size == 0 { return readFields() == nil ? nil : body }
            guard let chunk = read(size), readLine() == "" else { return nil }
            body += chunk
        }
        return nil
    }

    /// The bytes up to CRLF, without it.
    private mutating func readLine() -> String? {
        var searched = 0
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = buffer[..<end].last == UInt8(ascii: "\r") ? buffer[..<(end - 1)] : buffer[..<end]
                defer { buffer.removeSubrange(...end) }
                return String(decoding: line, as: UTF8.self)
            }
            searched = buffer.count
            guard fill() else { return nil }
        }
    }

    private mutating func read(_ count: Int) -> [UInt8]? {
        while buffer.count < count {
            guard fill() else { return nil }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    private mutating func fill() -> Bool {
        guard let bytes = Socket.read(from: socket) else { return false }
        buffer += bytes
        return true
    }

    // MARK: Replies

    /// Whether the connection goes on.
    private func send(_ reply: LoopbackServer.Reply, to request: LoopbackServer.Request) -> Bool {
        if reply.delay > .zero { Socket.waitForHangUp(socket, timeout: reply.delay) }
        switch reply.manner {
        case .drop: return false
        case .silence:
            Socket.waitForHangUp(socket, timeout: nil)
            return false
        case .raw:
            Socket.write(reply.body, to: socket)
            return false
        case .answer: break
        }
        let closes =
            [request["Connection"]?.lowercased(), reply["Connection"]?.lowercased()].contains("close")
        var head = "HTTP/1.1 \(reply.status) \(reply.status < 400 ? "OK" : "Error")\r\n"
        for (name, value) in reply.fields { head += "\(name): \(value)\r\n" }
        if reply["Content-Length"] == nil && reply.status != 204 && reply.status != 304 {
            head += "Content-Length: \(reply.body.count)\r\n"
        }
        let body = request.method == "HEAD" ? [] : reply.body
        return Socket.write(Array((head + "\r\n").utf8) + body, to: socket) && !closes
    }
}

extension LoopbackServer.Reply {
    fileprivate subscript(field: String) -> String? {
        fields.first { $0.name.lowercased() == field.lowercased() }?.value
    }
}
