extension LoopbackServer {
    /// What a client asked, read whole.
    package struct Request: Sendable {
        package var method: String

        /// The request target as it was sent: `/events/add?x=1`.
        package var target: String

        package var fields: [(name: String, value: String)]

        /// The body without its transfer coding; a content coding is left in place.
        package var body: [UInt8]

        /// Which connection it came on, counted from 0.
        package var connection: Int

        /// The target up to `?`.
        package var path: String { String(target.prefix { $0 != "?" }) }

        /// What stands after `?`; empty without one.
        package var query: String { String(target.dropFirst(path.count + 1)) }

        /// The body as text.
        package var text: String { String(decoding: body, as: UTF8.self) }

        /// The value of the first field with this name, in any case.
        package subscript(field: String) -> String? {
            fields.first { $0.name.lowercased() == field.lowercased() }?.value
        }
    }
}
