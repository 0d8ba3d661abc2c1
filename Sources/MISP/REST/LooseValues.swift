/// A number that MISP writes as a string, and other versions as a number.
///
/// What is larger than anything that MISP counts, either way, ends at a limit, so that nobody need mind what is added
/// to it.
struct LooseNumber: Sendable, Codable {
    let value: Int64

    private static let limit: Int64 = 1 << 53

    init(_ value: Int64) {
        self.value = value
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int64.self) {
            value = Self.limited(number)
            return
        }
        let text = try container.decode(String.self)
        guard let number = Int64(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected a whole number, got \(text)")
        }
        value = Self.limited(number)
    }

    /// As MISP writes it.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(String(value))
    }

    private static func limited(_ number: Int64) -> Int64 { min(max(number, -limit), limit) }
}

/// True or false, which MISP writes as such and other versions as 0 and 1.
struct LooseFlag: Sendable, Codable {
    let value: Bool

    init(_ value: Bool) {
        self.value = value
    }

    init(from decoder: any Decoder) throws {
        if let flag = try? decoder.singleValueContainer().decode(Bool.self) {
            value = flag
        } else {
            value = try LooseNumber(from: decoder).value != 0
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}
