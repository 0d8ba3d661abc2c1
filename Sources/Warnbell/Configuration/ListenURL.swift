import IPAddresses

extension Configuration.Listen {
    /// Where a receiver is reached that listens on the configured port.
    var url: String { url(port: port) }

    /// Where it is reached on this port, for one that the system chose.
    func url(port: UInt16) -> String {
        "\(tls.certificate == nil ? "http" : "https")://\(host.urlHost):\(port)"
    }
}
