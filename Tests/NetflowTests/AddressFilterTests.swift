import IPAddresses
import Testing

@testable import Netflow

@Suite struct AddressFilterTests {
    private func passes(_ address: String, _ line: String) throws -> Bool {
        passes(AddressFilter([try #require(IPAddress(address))]), line)
    }

    @Test(
        "A line that names the address passes, however it spells it",
        arguments: [
            ("203.0.113.7", #"{"ip":"203.0.113.7"}"#),
            ("203.0.113.7", "203.0.113.7"),
            ("203.0.113.7", #"{"ip":"::ffff:203.0.113.7"}"#),
            ("203.0.113.7", #"{"ip":"::FFFF:cb00:7107"}"#),
            ("2001:db8:bad::1", #"{"ip":"2001:db8:bad::1"}"#),
            ("2001:db8:bad::1", #"{"ip":"2001:0DB8:0BAD:0000:0000:0000:0000:0001"}"#),
            ("2001:db8:bad::1", #"{"ip":"2001:db8:BAD::0.0.0.1"}"#),
            ("2001:db8::", #"{"ip":"2001:DB8:0:0::0"}"#),
            ("::1", #"{"ip":"0:0:0:0:0:0:0:1"}"#),
            ("::1", #"{"ip":"::1"}"#),
            ("::cb00:7107", #"{"ip":"::203.0.113.7"}"#),
        ])
    func passes(_ address: String, line: String) throws {
        #expect(try passes(address, line))
    }

    @Test(
        "Most other lines don't",
        arguments: [
            ("203.0.113.7", #"{"ip":"203.0.113.8"}"#), ("203.0.113.7", ""), ("203.0.113.7", "203.0.113."),
            ("2001:db8:bad::1", #"{"ip":"2001:db8:bae::1"}"#), ("2001:db8:bad::1", #"{"ip":"10.0.0.1"}"#),
        ])
    func fails(_ address: String, _ line: String) throws {
        #expect(try !passes(address, line))
    }

    private func passes(_ filter: AddressFilter, _ line: String) -> Bool {
        filter.mayName(Array(line.utf8).span)
    }

    @Test("One of several addresses is enough")
    func several() throws {
        let filter = AddressFilter(try ["203.0.113.7", "2001:db8::5"].map { try #require(IPAddress($0)) })
        #expect(passes(filter, "x 203.0.113.7 y"))
        #expect(passes(filter, "x 2001:0db8::5 y"))
        #expect(!passes(filter, "x 203.0.113.9 y"))
    }

    @Test("A pattern is found at every place of a text, and in another case only where that is wanted")
    func patterns() {
        func occurs(_ pattern: BytePattern, _ text: String) -> Bool {
            pattern.occurs(in: Array(text.utf8).span)
        }
        for pattern in ["a", "ab", "aab", "abab", "abcabd"] {
            let plain = BytePattern(pattern)
            let folding = BytePattern(pattern, foldsCase: true)
            for count in 0...8 {
                let text = String(repeating: "ba", count: count) + pattern + "zz"
                #expect(occurs(plain, text))
                #expect(occurs(folding, text.uppercased()))
                #expect(!occurs(plain, text.uppercased()))
                #expect(!occurs(folding, String(repeating: "b", count: count)))
            }
        }
    }
}
