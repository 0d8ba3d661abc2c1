import IPAddresses
import JSON
import Timestamps

/// What a document has at a path, read as whatever the field means. Numbers may be written as text.
struct FieldValue {
    /// More than one where the field is a list.
    private let values: [JSONValue]

    /// Nil where the document has nothing at the path, or null.
    init?(_ document: JSONValue, at path: String) {
        let values = document.values(at: path).filter { !$0.isNull }
        guard !values.isEmpty else { return nil }
        self.values = values
    }

    /// A value that stands alone: the key of an aggregation's bucket.
    init?(_ value: JSONValue?) {
        guard let value, !value.isNull else { return nil }
        values = [value]
    }

    private var text: String? { values.first?.text }

    private var number: Double? { text.flatMap(Double.init) }

    var address: IPAddress? { text.flatMap(IPAddress.init) }

    /// A number of bytes, packets or records: whole, not negative, and no larger than an Int holds.
    var count: Int? {
        // A Double alone would change numbers of more than 15 digits.
        let whole = text.flatMap { Int($0) } ?? number.flatMap { Int(exactly: $0.rounded()) }
        return whole.flatMap { $0 >= 0 ? $0 : nil }
    }

    /// A port of TCP or UDP; nil for other numbers.
    var port: Int? { count.flatMap { $0 <= 65_535 ? $0 : nil } }

    var transport: Int? { text.flatMap { TransportNumber.parse($0) } }

    /// Flags as a number, or by name: one name, several with anything between them, or a list.
    var flags: TCPFlags {
        values.reduce(into: TCPFlags()) { flags, value in
            guard let text = value.text else { return }
            if let bits = UInt16(text) {
                flags.formUnion(TCPFlags(rawValue: bits))
            } else {
                for name in text.split(whereSeparator: { !$0.isLetter }) { flags.formUnion(TCPFlags(name: name)) }
            }
        }
    }

    /// A moment: RFC 3339, or a number in the field's unit.
    func moment(_ field: TimeField) -> Timestamp? {
        text.flatMap(Timestamp.init) ?? milliseconds(field).map(Timestamp.init(milliseconds:))
    }

    /// A span of time in the field's unit.
    func span(_ field: TimeField) -> Duration? {
        milliseconds(field).map { .milliseconds($0) }
    }

    private func milliseconds(_ field: TimeField) -> Int64? {
        number.flatMap(field.milliseconds)
    }
}
