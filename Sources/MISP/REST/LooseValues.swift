/// A number that MISP writes as a string, and other versions as a number.
struct LooseNumber: Decodable {
    let value: Int64

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int64.self) {
            value = number
            return
        }
        let text = try container.decode(String.self)
        guard let number = Int64(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected a whole number, got \(text)")
        }
        value = number
    }
}

/// True or false, which MISP writes as such and other versions as 0 and 1.
struct LooseFlag: Decodable {
    let value: Bool

    init(from decoder: any Decoder) throws {
        if let flag = try? decoder.singleValueContainer().decode(Bool.self) {
            value = flag
        } else {
            value = try LooseNumber(from: decoder).value != 0
        }
    }
}
