import Glibc
package import IPAddresses

/// Why the server could not listen.
package enum ListenError: Error, Equatable {
    /// The address and port can't be had: `EADDRINUSE` when another process listens there.
    case bind(IPAddress, port: UInt16, errno: Int32)
    /// Another system call failed.
    case call(String, errno: Int32)
}

extension ListenError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .bind(let address, let port, EADDRINUSE):
            return "\(address.urlHost):\(port) is in use: another process listens there"
        case .bind(let address, let port, let errno):
            return "can't listen on \(address.urlHost):\(port): \(Self.text(errno))"
        case .call(let call, let errno):
            return "\(call) failed: \(Self.text(errno))"
        }
    }

    private static func text(_ errno: Int32) -> String {
        unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
    }
}
