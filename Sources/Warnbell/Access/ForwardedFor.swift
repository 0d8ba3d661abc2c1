import HTTPServer
import IPAddresses

/// Whom a proxy forwards for.
enum ForwardedFor {
    enum Client: Equatable {
        /// The proxy speaks for itself, or for another proxy that is trusted.
        case proxy
        case address(IPAddress)
        /// What stands there is no address.
        case unreadable
    }

    /// The rightmost address of X-Forwarded-For that is no trusted proxy: what stands left of it, the client may have
    /// written itself.
    static func client(of head: borrowing RequestHead, trusted: IPBlockSet) -> Client {
        var client = Client.proxy
        head.forEachField { name, value in
            guard name.equals(ignoringCase: "x-forwarded-for") else { return }
            // A later field, and a later element, stands further to the right.
            forEachElement(of: value) { element in
                guard let address = IPAddress.parse(element) else { return client = .unreadable }
                if !trusted.contains(address) { client = .address(address) }
            }
        }
        return client
    }

    private static func forEachElement(of value: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
        var start = 0
        for index in 0...value.count where index == value.count || value[index] == UInt8(ascii: ",") {
            var (first, end) = (start, index)
            while first < end, value[first] == UInt8(ascii: " ") || value[first] == UInt8(ascii: "\t") { first += 1 }
            while end > first, value[end - 1] == UInt8(ascii: " ") || value[end - 1] == UInt8(ascii: "\t") { end -= 1 }
            if end > first { body(value.extracting(first..<end)) }
            start = index + 1
        }
    }
}
