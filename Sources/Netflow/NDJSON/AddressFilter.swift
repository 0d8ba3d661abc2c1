import IPAddresses

/// Tells the lines that may name one of some addresses from the many that cannot, without reading them as JSON.
///
/// However an address is written, leading zeros, upper case and a dotted tail included, its line passes; only one
/// with `\u` escapes inside the address does not.
struct AddressFilter: Sendable {
    /// By address: texts that all occur in a line that names it.
    private let patterns: [[BytePattern]]

    init(_ addresses: [IPAddress]) {
        var patterns = addresses.map(Self.patterns)
        if addresses.contains(where: \.isIPv4) {
            // `::ffff:cb00:7109` is an IPv4 address too.
            patterns.append([BytePattern("ffff:", foldsCase: true)])
        }
        self.patterns = patterns
    }

    func mayName(_ line: Span<UInt8>) -> Bool {
        for patterns in patterns {
            var isFound = true
            for pattern in patterns where !pattern.occurs(in: line) {
                isFound = false
                break
            }
            if isFound { return true }
        }
        return false
    }

    /// Of IPv6 these are the digits of the groups that neither `::` nor a dotted tail can hide, longest first.
    private static func patterns(of address: IPAddress) -> [BytePattern] {
        guard !address.isIPv4 else { return [BytePattern("\(address)")] }
        return (0..<6).map { UInt16(truncatingIfNeeded: address.bits >> (112 - 16 * $0)) }
            .filter { $0 != 0 }
            .map { String($0, radix: 16) }
            .sorted { $0.count > $1.count }
            .map { BytePattern($0, foldsCase: true) }
    }
}
