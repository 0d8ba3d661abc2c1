package import IPAddresses

/// The other end of a connection.
package struct Peer: Sendable {
    package let address: IPAddress
    package let port: UInt16
    /// What the peer proved to be by TLS; nil when it showed no certificate.
    package internal(set) var certificate: ClientCertificate?

    package init(address: IPAddress, port: UInt16, certificate: ClientCertificate? = nil) {
        self.address = address
        self.port = port
        self.certificate = certificate
    }
}

/// A client's certificate, verified against the authority that the server trusts for clients.
package final class ClientCertificate: Sendable {
    /// The names it is for: the DNS names of its subjectAltName (RFC 5280 section 4.2.1.6), then the common name of
    /// its subject.
    package let names: [String]

    package init(names: [String]) {
        self.names = names
    }
}
