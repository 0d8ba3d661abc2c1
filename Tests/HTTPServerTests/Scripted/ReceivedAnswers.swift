/// Checks what a peer has received of a ``ScriptedHandler``: whole answers but for the last, in the order of their
/// requests, none to a request that has one, and nothing behind one that closes the connection.
enum ReceivedAnswers {
    static func check(_ received: [UInt8]) throws {
        var rest = received[...]
        var lastNumber = 0
        while let head = takeHead(&rest) {
            guard head.hasPrefix("HTTP/1.1 ") else { throw ConnectionScript.Broken(description: "no answer: \(head)") }
            if head.hasPrefix("HTTP/1.1 100 ") { continue }
            if head.hasPrefix("HTTP/1.1 200 "), !head.contains("Content-Length: 0\r") {
                // The answer to a HEAD ends with its head: then the next answer or nothing follows.
                let digits = rest.prefix { (48...57).contains($0) }
                rest = rest.dropFirst(digits.count)
                if let number = Int(String(decoding: digits, as: UTF8.self)) {
                    guard number > lastNumber else {
                        throw ConnectionScript.Broken(description: "answer \(number) after \(lastNumber)")
                    }
                    lastNumber = number
                }
            } else if head.contains("Content-Length: "), rest.first == UInt8(ascii: "{") {
                rest = rest.drop { $0 != UInt8(ascii: "}") }.dropFirst()
            }
            if head.contains("Connection: close"), !rest.isEmpty, rest.first != UInt8(ascii: "{") {
                throw ConnectionScript.Broken(description: "something follows the last answer")
            }
        }
    }

    /// The next head, without its empty line; nil when it is not there wholly.
    private static func takeHead(_ rest: inout ArraySlice<UInt8>) -> String? {
        let end: [UInt8] = [13, 10, 13, 10]
        var index = rest.startIndex
        while index + 4 <= rest.endIndex {
            if rest[index] == 13, rest[index..<index + 4].elementsEqual(end) {
                let head = String(decoding: rest[..<index], as: UTF8.self)
                rest = rest[(index + 4)...]
                return head
            }
            index += 1
        }
        return nil
    }
}
