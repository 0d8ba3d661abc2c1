/// A database in the MaxMind DB format 2.0, written as its specification says: enough of it to be read by libmaxminddb.
package struct GeoDatabaseFile {
    /// What stands in the database.
    package indirect enum Value {
        case text(String)
        case number(UInt32)
        case map([String: Value])
        case list([Value])
    }

    private enum Child {
        case nothing
        case node(Int)
        case data(Int)
    }

    private let type: String
    private var nodes: [[Child]] = [[.nothing, .nothing]]
    private var data: [UInt8] = []

    /// - Parameter type: the name of the database's kind, for people.
    package init(type: String = "Test-City") {
        self.type = type
    }

    /// What is known of an IPv4 network; these stand in the lowest 32 bits of the tree.
    package mutating func add(v4: UInt32, length: Int, _ value: [String: Value]) {
        add(v6: UInt128(v4), length: 96 + length, value)
    }

    package mutating func add(v6 bits: UInt128, length: Int, _ value: [String: Value]) {
        let offset = data.count
        data += Self.encoded(.map(value))
        var node = 0
        for depth in 0..<length {
            let side = Int(truncatingIfNeeded: bits >> UInt128(127 - depth)) & 1
            if depth == length - 1 {
                nodes[node][side] = .data(offset)
            } else if case .node(let next) = nodes[node][side] {
                node = next
            } else {
                nodes[node][side] = .node(nodes.count)
                node = nodes.count
                nodes.append([.nothing, .nothing])
            }
        }
    }

    /// The whole file.
    package var bytes: [UInt8] {
        var tree: [UInt8] = []
        for child in nodes.joined() {
            let record =
                switch child {
                case .nothing: nodes.count
                case .node(let index): index
                case .data(let offset): nodes.count + 16 + offset
                }
            tree += [UInt8(record >> 16 & 255), UInt8(record >> 8 & 255), UInt8(record & 255)]
        }
        let metadata: [(String, [UInt8])] = [
            ("binary_format_major_version", Self.short(2)), ("binary_format_minor_version", Self.short(0)),
            ("build_epoch", Self.extended(2, [0x6a, 0xfd, 0x80, 0x00])),
            ("database_type", Self.encoded(.text(type))), ("description", Self.encoded(.map(["en": .text("A test")]))),
            ("ip_version", Self.short(6)), ("languages", Self.encoded(.list([.text("en")]))),
            ("node_count", Self.encoded(.number(UInt32(nodes.count)))), ("record_size", Self.short(24)),
        ]
        let end = [0xab, 0xcd, 0xef] + Array("MaxMind.com".utf8) + [UInt8(7 << 5 | metadata.count)]
        return tree + [UInt8](repeating: 0, count: 16) + data + end
            + metadata.flatMap { Self.encoded(.text($0.0)) + $0.1 }
    }

    private static func encoded(_ value: Value) -> [UInt8] {
        switch value {
        case .text(let text): head(2, text.utf8.count) + Array(text.utf8)
        case .number(let number): head(6, 4) + (0..<4).map { UInt8(number >> (24 - 8 * $0) & 255) }
        case .map(let members):
            head(7, members.count)
                + members.sorted { $0.key < $1.key }.flatMap { encoded(.text($0.key)) + encoded($0.value) }
        case .list(let elements): [UInt8(elements.count), 4] + elements.flatMap(encoded)
        }
    }

    private static func short(_ number: UInt16) -> [UInt8] {
        head(5, 2) + [UInt8(number >> 8), UInt8(number & 255)]
    }

    /// A type above 7 stands in a byte of its own.
    private static func extended(_ type: UInt8, _ content: [UInt8]) -> [UInt8] {
        [UInt8(content.count), type] + content
    }

    private static func head(_ type: UInt8, _ count: Int) -> [UInt8] {
        count < 29 ? [type << 5 | UInt8(count)] : [type << 5 | 29, UInt8(count - 29)]
    }
}

extension GeoDatabaseFile.Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByDictionaryLiteral
{
    package init(stringLiteral text: String) { self = .text(text) }
    package init(integerLiteral number: UInt32) { self = .number(number) }
    package init(dictionaryLiteral members: (String, GeoDatabaseFile.Value)...) {
        self = .map(Dictionary(uniqueKeysWithValues: members))
    }
}
