import IPAddresses

/// Host names as DNS has them.
enum DomainName {
    /// A name of at least two labels in lower case and without the dot at its end; nil for anything else, addresses
    /// among them. Letters beyond ASCII pass (RFC 5890).
    static func normalized(_ text: String) -> String? {
        var name = text.lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.count > 1, name.utf8.count <= 253, labels.allSatisfy(isLabel), IPAddress(name) == nil else {
            return nil
        }
        return name
    }

    private static func isLabel(_ label: Substring.UTF8View) -> Bool {
        (1...63).contains(label.count)
            && label.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "-"), UInt8(ascii: "_"), 0x80...0xff:
                    true
                default: false
                }
            }
    }
}
