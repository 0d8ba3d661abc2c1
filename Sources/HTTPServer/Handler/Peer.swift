package import IPAddresses

/// The other end of a connection.
package struct Peer: Hashable, Sendable {
    package let address: IPAddress
    package let port: UInt16
}
