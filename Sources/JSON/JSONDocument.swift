/// A JSON text that owns its bytes, for reading at leisure.
package struct JSONDocument: Sendable {
    package let bytes: [UInt8]
    let tape: JSONTape

    /// Reads `bytes`, which must be one value with nothing but whitespace around it.
    package init(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        var tape = JSONTape(limits: limits)
        try tape.read(bytes.span)
        self.bytes = bytes
        self.tape = tape
    }

    /// Reads the one value that begins at `start` and leaves aside what follows it.
    package init(_ bytes: [UInt8], valueAt start: Int, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        var tape = JSONTape(limits: limits)
        _ = try tape.readValue(bytes.span, at: start)
        self.bytes = bytes
        self.tape = tape
    }

    package init(_ text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(Array(text.utf8), limits: limits)
    }

    /// The value that the text is.
    package var root: JSONValue { JSONValue(document: self, index: 0) }
}
