import FoundationEssentials

/// Values as they stand in columns of JSON.
enum JSONColumn {
    static func encode(_ value: some Encodable) throws -> Data {
        try JSONEncoder().encode(value)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: Data) throws -> Value {
        try JSONDecoder().decode(type, from: bytes)
    }
}

extension UUID {
    /// The sixteen bytes as one number, the first one most significant, as they are kept.
    var number: UInt128 {
        unsafe withUnsafeBytes(of: uuid) { UInt128(bigEndian: unsafe $0.loadUnaligned(as: UInt128.self)) }
    }

    init?(bytes: Data) {
        guard bytes.count == 16 else { return nil }
        var value: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        unsafe withUnsafeMutableBytes(of: &value) { unsafe $0.copyBytes(from: bytes) }
        self.init(uuid: value)
    }
}
