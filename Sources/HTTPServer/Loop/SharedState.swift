import IPAddresses

/// What the event loops of a server have in common.
final class SharedState: Sendable {
    let quota: ConnectionQuota
    let bodyMemory: BodyMemory

    init(_ configuration: HTTPServer.Configuration) {
        quota = ConnectionQuota(
            configuration.limits, exempt: configuration.trustedProxies, allowed: configuration.allowed)
        bodyMemory = BodyMemory(configuration.limits)
    }
}
