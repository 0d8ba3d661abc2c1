import TestKit
import Testing

@testable import HTTPServer

struct ByteSetTests {
    private static let alphanumerics = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

    @Test(
        "The sets hold what their grammars name, and nothing else",
        arguments: [
            (ByteSet.token, "!#$%&'*+-.^_`|~"), (ByteSet.target, "-._~!$&'()*+,;=:@/?%"),
            (ByteSet.registeredName, "-._~!$&'()*+;=%"),
        ])
    func sets(set: ByteSet, symbols: String) {
        let expected = Set((symbols + Self.alphanumerics).utf8)
        #expect(Set((0...255).filter { set.contains($0) }) == expected)
    }

    @Test(
        "A name equals its lower-case literal in any case, and nothing that only looks alike",
        arguments: [
            ("Content-LENGTH", true), ("content-length", true), ("content_length", false), ("content-lengtg", false),
            ("bontent-length", false), ("content-lengt", false), ("content-lengthh", false), ("", false),
        ])
    func names(name: String, isEqual: Bool) {
        let bytes = Array(name.utf8)
        #expect(equals(bytes, bytes.indices, "content-length") == isEqual)
        #expect(equals(bytes, 0..<0, ""))
    }

    @Test(
        "Short names and long ones are compared to their last byte",
        arguments: ["te", "host", "expect", "trailer", "upgrade1", "connection", "transfer-encoding"])
    func everyByte(name: String) {
        let bytes = Array("X\(name.uppercased())".utf8)
        for literal in ["te", "host", "expect", "trailer", "upgrade1", "connection", "transfer-encoding"]
            as [StaticString]
        {
            #expect(equals(bytes, 1..<bytes.count, literal) == ("\(literal)" == name))
        }
        for index in 1..<bytes.count {
            var other = bytes
            other[index] ^= 1
            for literal in ["te", "host", "expect", "trailer", "upgrade1", "connection", "transfer-encoding"]
                as [StaticString] where "\(literal)" == name
            {
                #expect(!equals(other, 1..<bytes.count, literal))
            }
        }
    }

    @Test("Eight bytes at once are judged as one by one")
    func words() {
        var random = Seeded(7)
        let interesting: [UInt8] = [
            0, 9, 13, 31, 32, 45, 58, 64, 65, 90, 91, 96, 97, 122, 123, 126, 127, 128, 173, 255,
        ]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                Bool.random(using: &random)
                    ? UInt8.random(in: 97...122, using: &random) : interesting.randomElement(using: &random) ?? 0
            }
            let span = bytes.span
            if bytes.count >= 8 {
                let hasControl = ByteWord(span, at: 0).hasControl
                #expect(hasControl == bytes.prefix(8).contains { $0 < 32 || $0 == 127 }, "\(bytes)")
            }
            let isContent = span.isFieldContent(bytes.indices)
            #expect(isContent == bytes.allSatisfy(\.isFieldContent), "\(bytes)")
            let end = span.end(of: .token, from: 0, before: bytes.count)
            #expect(end == bytes.firstIndex { !ByteSet.token.contains($0) } ?? bytes.count, "\(bytes)")
        }
    }

    @Test("Methods are known by their exact names")
    func methods() {
        let names: [(String, Method?)] = [
            ("GET", .get), ("HEAD", .head), ("POST", .post), ("PUT", .put), ("DELETE", .delete),
            ("CONNECT", .connect), ("OPTIONS", .options), ("TRACE", .trace), ("PATCH", .patch), ("QUERY", .query),
            ("get", nil),
            ("PET", nil), ("POSH", nil), ("PATCHES", nil), ("", nil), ("DELETES", nil), ("OPTION", nil),
        ]
        for (name, method) in names {
            let bytes = Array(name.utf8)
            let found = Method(bytes.span, bytes.indices)
            #expect(found == method, "\(name)")
        }
    }

    /// Expectations can't hold a span.
    private func equals(_ bytes: [UInt8], _ range: Range<Int>, _ name: StaticString) -> Bool {
        bytes.span.equals(range, ignoringCase: name)
    }
}
