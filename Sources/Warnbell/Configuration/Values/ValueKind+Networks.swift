import IPAddresses

extension ValueKind<NetworkList> {
    /// Blocks of addresses; an entry that starts with `/`, `./` or `../` is a file with one block a line.
    static let networks = ValueKind(
        expected: Expectation(
            "a list of address blocks",
            hint: "such as 192.0.2.0/24, or paths to files with one block a line that start with / or ./"),
        isList: true,
        read: { raw throws(InvalidValue) in
            let entries = raw.elements
            let blocks = try readEach(entries) { entry throws(InvalidValue) in
                try Self.blocks(of: entry.elements.joined())
            }
            return NetworkList(entries: entries, blocks: Array(blocks.joined()))
        },
        show: { .list($0.entries) })

    private static func blocks(of entry: String) throws(InvalidValue) -> [IPBlock] {
        if let block = IPBlock(entry) { return [block] }
        guard ["/", "./", "../"].contains(where: entry.hasPrefix) else {
            throw InvalidValue(
                "expected an address block such as 192.0.2.0/24, or a path that starts with / or ./, got \(quoted(entry))"
            )
        }
        let text: String
        do {
            text = try FileReading.text(of: entry, limit: NetworkList.fileLimit)
        } catch {
            throw InvalidValue("\(error)")
        }
        return try blocks(inLines: text, of: entry)
    }

    /// One block a line; what follows a `#` is a comment.
    private static func blocks(inLines text: String, of file: String) throws(InvalidValue) -> [IPBlock] {
        var blocks: [IPBlock] = []
        var faults: [String] = []
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let entry = Substring(line).prefix { $0 != "#" }.filter { !$0.isWhitespace }
            guard !entry.isEmpty else { continue }
            if let block = IPBlock(entry) {
                blocks.append(block)
            } else {
                faults.append(
                    "\(file):\(index + 1): expected an address block such as 192.0.2.0/24, got \(quoted(entry))")
            }
        }
        let shown = 5
        if faults.count > shown {
            faults[shown...] = ["\(file): \(faults.count - shown) more lines hold no address block"]
        }
        guard faults.isEmpty else { throw InvalidValue(faults) }
        return blocks
    }
}
