import IPAddresses
import TestKit
import Testing

@testable import Warnbell

struct NetworkListTests {
    @Test("Blocks and files of blocks stand side by side")
    func blocksAndFiles() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "# partners\n198.51.100.0/24   # the branch\n\r\n  2001:db8:1::/48\n192.0.2.7\n", to: "partners.txt")
        let (loaded, problems) = try load("networks: {partners: [203.0.113.0/24, \(file)]}", in: folder)
        #expect(problems == [])
        let partners = try #require(loaded).configuration.networks.partners
        #expect(partners.entries == ["203.0.113.0/24", file])
        #expect(
            partners.addresses.blocks.map { "\($0)" } == [
                "203.0.113.0/24", "198.51.100.0/24", "2001:db8:1::/48", "192.0.2.7",
            ])
        #expect(partners.addresses.contains(try #require(IPAddress("2001:db8:1::5"))))
    }

    @Test("Each fault in a list, and in a file of a list, is told with its place")
    func faults() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("192.0.2.0/24\n192.0.2.0/33\n\nwww.example.org\n", to: "never.txt")
        let (_, problems) = try load(
            """
            networks:
              never: [10.0.0/8, 192.0.2.0/24, \(file), "", networks.txt, /nonexistent/list]
            """, in: folder)
        let expected = "expected an address block such as 192.0.2.0/24"
        #expect(
            problems == [
                "DIR/warnbell.yaml:2: networks.never: element 1: \(expected), or a path that starts with / or ./, got \"10.0.0/8\"",
                "DIR/warnbell.yaml:2: networks.never: element 3: DIR/never.txt:2: \(expected), got \"192.0.2.0/33\"",
                "DIR/warnbell.yaml:2: networks.never: element 3: DIR/never.txt:4: \(expected), got \"www.example.org\"",
                "DIR/warnbell.yaml:2: networks.never: element 4: \(expected), or a path that starts with / or ./, got \"\"",
                "DIR/warnbell.yaml:2: networks.never: element 5: \(expected), or a path that starts with / or ./, got \"networks.txt\"",
                "DIR/warnbell.yaml:2: networks.never: element 6: cannot read /nonexistent/list: No such file or directory",
            ])
    }

    @Test("Of many faults in a file a few are told, and the rest counted")
    func manyFaults() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(String(repeating: "x\n", count: 1000), to: "bad.txt")
        let (_, problems) = try load(nil, ["WARNBELL_NETWORKS_NEVER": file], in: folder)
        #expect(problems.count == 6)
        #expect(
            problems.last
                == "environment variable WARNBELL_NETWORKS_NEVER: networks.never: element 1: DIR/bad.txt: 995 more lines hold no address block"
        )
    }

    @Test("A file of blocks is read up to its limit, and refused beyond it")
    func fileLimit() throws {
        let folder = try TemporaryFolder()
        let block = "192.0.2.0/24\n"
        let fill = "#" + String(repeating: "x", count: NetworkList.fileLimit - block.utf8.count - 1)
        let fits = try folder.write(block + fill, to: "fits.txt")
        let (loaded, _) = try load(nil, ["WARNBELL_NETWORKS_NEVER": fits], in: folder)
        #expect(loaded?.configuration.networks.never.addresses.blocks.count == 1)
        let large = try folder.write(block + fill + "x", to: "large.txt")
        #expect(
            try load(nil, ["WARNBELL_NETWORKS_NEVER": large], in: folder).problems == [
                "environment variable WARNBELL_NETWORKS_NEVER: networks.never: element 1: DIR/large.txt is larger than 4MiB"
            ])
    }

    @Test("Our own networks are the private ranges unless they are set")
    func own() throws {
        #expect(
            Configuration().networks.own.addresses.blocks.map { "\($0)" } == [
                "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7",
            ])
        let (loaded, _) = try load("networks: {own: []}")
        #expect(try #require(loaded).configuration.networks.own.addresses.isEmpty)
    }
}
