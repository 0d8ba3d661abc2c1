import CLinux
package import IPAddresses

/// An HTTP/1.1 server over Dispatch and epoll: one event loop for each processor it may run on, each with a listener
/// of its own on the same port.
package final class HTTPServer: Sendable {
    package struct Configuration: Sendable {
        /// The address to listen on; `::` takes IPv4 connections as well.
        package var address: IPAddress
        /// 0 for any free port.
        package var port: UInt16
        /// How many event loops; nil for one on each processor the process may run on.
        package var loops: Int?
        package var limits: Limits
        /// Addresses that may open any number of connections: reverse proxies of ours.
        package var trustedProxies: IPBlockSet
        /// What TLS is spoken with; nil for plain HTTP.
        package var tls: TLSContext?
        /// The only other addresses that may connect; nil for all.
        package var allowed: IPBlockSet?

        package init(
            address: IPAddress, port: UInt16, loops: Int? = nil, limits: Limits = Limits(),
            trustedProxies: IPBlockSet = IPBlockSet(), allowed: IPBlockSet? = nil,
            tls: TLSContext? = nil
        ) {
            self.address = address
            self.port = port
            self.loops = loops
            self.limits = limits
            self.trustedProxies = trustedProxies
            self.allowed = allowed
            self.tls = tls
        }
    }

    /// The port it is bound to.
    package let port: UInt16
    private let loops: [EventLoop]
    private let shared: SharedState
    private let tls: CurrentTLS?

    /// Binds the port, raises the process's limit of open descriptors as far as it may, and makes it ignore SIGPIPE:
    /// a peer that has gone is told by the call that writes to it. Connections wait until
    /// ``start()``. `makeHandler` is called once for each event loop.
    package init(
        _ configuration: Configuration, makeHandler: @escaping @Sendable (_ loop: Int) -> any RequestHandler
    ) throws(ListenError) {
        _ = clinux_raise_descriptor_limit()
        clinux_ignore_broken_pipes()
        let count = max(1, configuration.loops ?? Int(clinux_allowed_processors()))
        shared = SharedState(configuration)
        var port = configuration.port
        var loops: [EventLoop] = []
        let tls = configuration.tls.map(CurrentTLS.init)
        let makeLink: @Sendable (consuming Descriptor) -> any Transport = { socket in
            if let tls { TLSTransport(socket, tls.context) } else { PlainTransport(socket) }
        }
        for number in 0..<count {
            let listener = try Listener(
                configuration.address, port: port, isFirst: number == 0, isShared: count > 1)
            port = listener.port
            loops.append(
                try EventLoop(
                    number, listener: listener, configuration: configuration, shared: shared,
                    handler: makeHandler(number), makeLink: makeLink))
        }
        self.port = port
        self.loops = loops
        self.tls = tls
    }

    /// Begins to serve.
    package func start() {
        for loop in loops { loop.start() }
    }

    /// Stops accepting, closes idle connections, lets requests in flight be answered for as long as `grace`, then
    /// closes what is left.
    package func stop(within grace: Duration) async {
        await withTaskGroup { group in
            for loop in loops {
                group.addTask { await loop.stop(within: grace) }
            }
        }
    }

    /// Returns as soon as every event loop gets to it: for whoever watches whether they still do.
    package func answer() async {
        for loop in loops { await loop.answer() }
    }

    /// Connections that begin from now on speak TLS with this; those that are open go on with what they have. A
    /// server that speaks plain HTTP goes on to.
    package func renew(_ context: TLSContext) {
        tls?.renew(context)
    }

    /// From now on only these addresses and the trusted proxies may connect, all if it is nil; open connections stay.
    package func allow(_ addresses: IPBlockSet?) {
        shared.quota.allow(addresses)
    }

    /// What it has done so far.
    package var statistics: Statistics {
        var statistics = Statistics()
        for loop in loops { statistics.add(loop.counters) }
        statistics.openConnections = shared.quota.open
        return statistics
    }

    deinit {
        for loop in loops { loop.abandon() }
    }
}
