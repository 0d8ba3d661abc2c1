import FoundationEssentials

/// Bytes that JSON keeps as base64 (RFC 4648, section 4).
struct Base64: Sendable {
    let bytes: [UInt8]
}

extension Base64: Codable {
    init(from decoder: any Decoder) throws {
        bytes = Array(try decoder.singleValueContainer().decode(Data.self))
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Data(bytes))
    }
}
