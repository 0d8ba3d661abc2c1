/// Tells the service manager again and again that the service is alive, as long as it is.
///
/// Alive is a service whose every part does what it is asked to. A part that has stopped for good does not, and the
/// heart stands still. That a disk is full or MISP away is no such thing: a new start would mend neither.
struct Heartbeat {
    let manager: ServiceManager

    /// Each returns once a part of the service has answered.
    let parts: [@Sendable () async -> Void]

    /// A line for people.
    let status: @Sendable () -> String

    /// Asks every part, and tells only then.
    func beat() async {
        for part in parts { await part() }
        manager.tell(.alive(status: status()))
    }

    /// Beats until its task is cancelled; not at all where nobody listens.
    func run() async throws {
        guard let interval = manager.heartbeat else { return }
        while true {
            await beat()
            try await Task.sleep(for: interval)
        }
    }
}
