import Glibc

/// A datagram socket of the Unix domain that a test listens on, as a service manager does.
package final class DatagramSocket {
    /// Its path, or an abstract name after `@`.
    package let name: String

    private let descriptor: Int32

    package init(_ name: String) throws {
        self.name = name
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { path in
            path.copyBytes(from: Array(name.utf8))
            if name.hasPrefix("@") { path[0] = 0 }
        }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.utf8.count)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard result == 0 else { throw Socket.Failure(call: "bind", code: errno) }
    }

    deinit { close(descriptor) }

    /// The next message; nil when none comes in time.
    package func receive(within milliseconds: Int32 = 20_000) -> String? {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, milliseconds) == 1 else { return nil }
        var text = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &text, text.count, 0)
        return count < 0 ? nil : String(decoding: text.prefix(count), as: UTF8.self)
    }
}
