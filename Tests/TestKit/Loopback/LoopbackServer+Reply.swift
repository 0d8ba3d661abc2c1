extension LoopbackServer {
    /// What the server does with a request.
    package struct Reply: Sendable {
        package var status: Int
        package var fields: [(name: String, value: String)]
        package var body: [UInt8]
        package var manner = Manner.answer

        /// Time before the first byte of the answer; ends early when the client leaves or the server is stopped.
        package var delay = Duration.zero

        /// How the answer goes out.
        package enum Manner: Sendable {
            /// Status line, fields, Content-Length, body; the connection is kept unless a field or the client closes it.
            case answer
            /// The body alone, byte for byte, then the connection is closed.
            case raw
            /// Not a byte: the connection is closed.
            case drop
            /// Not a byte, and the connection stays open until the client leaves or the server is stopped.
            case silence
        }

        package init(status: Int = 200, fields: [(name: String, value: String)] = [], body: [UInt8] = []) {
            self.status = status
            self.fields = fields
            self.body = body
        }

        /// An answer with a text body.
        package static func text(
            _ text: String, status: Int = 200, type: String = "text/plain; charset=UTF-8"
        ) -> Reply {
            Reply(status: status, fields: [("Content-Type", type)], body: Array(text.utf8))
        }

        /// An answer with a JSON body.
        package static func json(_ text: String, status: Int = 200) -> Reply {
            .text(text, status: status, type: "application/json")
        }

        /// These bytes in the place of an answer, then the end of the connection.
        package static func raw(_ bytes: [UInt8]) -> Reply {
            var reply = Reply(body: bytes)
            reply.manner = .raw
            return reply
        }

        package static var drop: Reply { Reply(.drop) }

        package static var silence: Reply { Reply(.silence) }

        /// The same reply, given later.
        package func delayed(by delay: Duration) -> Reply {
            var reply = self
            reply.delay = delay
            return reply
        }

        private init(_ manner: Manner) {
            self.init()
            self.manner = manner
        }
    }
}
