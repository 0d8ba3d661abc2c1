package import IPAddresses

/// Which addresses are ours, and which are to be left alone.
package struct Networks: Sendable {
    /// Our own hosts, public ones too; private ranges count as ours always.
    package var own = IPBlockSet()

    /// Addresses that are never named, whatever they do.
    package var never = IPBlockSet()

    /// Our own vulnerability scanners.
    package var scanners = IPBlockSet()

    /// Partners: held instead of shared.
    package var partners = IPBlockSet()

    /// Reverse proxies and load balancers: an address logged beside one stands for whoever it forwarded.
    package var proxies = IPBlockSet()

    package init() {}
}
