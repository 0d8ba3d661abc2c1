import CoreMetrics
import Glibc
import HTTPServer
import IPAddresses
import Isolation
import Journal
import Logging
import Pipeline
import Timestamps

/// The running receiver: everything wired together, from the first request to the last delivery.
struct Service {
    private let configuration: Configuration
    private let logger: Logger
    private let reporter: Reporter
    private let journal: any AlertJournal
    private let sinks: [any EventSink]
    private let pipeline: Pipeline
    private let lists: Lists?
    private let intake: Intake
    private let server: HTTPServer
    private let access: AccessControl
    private let manager: ServiceManager
    /// What people do beside the server; there is none where the journal is in memory.
    private let desk: Desk?
    private let isStopping = Flag()

    /// Opens what the configuration names and takes the port; nothing is answered before ``run(readyFile:)``.
    ///
    /// - Parameter countsOnly: whether batches go nowhere: the cost of taking alerts in, and nothing else.
    init(
        _ configuration: Configuration, logger: Logger, countsOnly: Bool, manager: ServiceManager = ServiceManager()
    ) throws {
        self.configuration = configuration
        self.manager = manager
        self.logger = logger
        let metrics = MetricsRegistry()
        let instruments = Instruments(metrics)
        let reporter = Reporter(logger: logger, instruments: instruments)
        self.reporter = reporter
        let journal = try Journals.journal(for: configuration, reporter: reporter)
        self.journal = journal
        let sinks = countsOnly ? [] : try Sinks.all(for: configuration)
        self.sinks = sinks
        let lists = countsOnly ? nil : try Lists(configuration)
        self.lists = lists
        let flows = countsOnly ? nil : FlowSources.source(for: configuration.netflow)
        pipeline = Pipeline(
            settings: Pipeline.Settings(configuration), policy: try PolicyFile.policy(for: configuration),
            journal: journal, sinks: sinks,
            lookups: flows.map { source in
                FlowLookups(source: source, lookback: configuration.netflow.lookback) { reporter.report(.lookedUp($0)) }
            },
            lists: lists?.check,
            report: { event in
                reporter.report(event)
                if let durable = journal as? DurableJournal { Desk.note(event, in: durable) }
            })
        desk = (journal as? DurableJournal).map { [pipeline] in
            Desk(
                journal: $0, pipeline: pipeline, sinks: sinks.map(\.name), logger: logger, instruments: instruments)
        }
        let reference = ServerReference()
        access = AccessControl(AccessRules(configuration)) { instruments.authenticated($0) }
        let intake = Intake(journal: journal, delay: configuration.listen.replyDelay) { reporter.report($0) }
        self.intake = intake
        let services = Receiver.Services(
            access: access,
            intake: intake,
            health: Health(journal: journal, isStopping: isStopping),
            metricsPage: { [pipeline] in
                instruments.budgetLeft.set(pipeline.budgetLeft() ?? -1)
                let state = journal.state
                instruments.queuedAlerts.set(state.unfinished)
                instruments.undeliveredAlerts.set(state.undelivered)
                instruments.heldSources.set(state.held)
                instruments.queuedBytes.set(state.bytes)
                instruments.connections.set(reference.openConnections)
                return Array(metrics.text.utf8)
            },
            feedDirectory: configuration.feedIsOn ? configuration.feedDirectory : nil,
            bodyLimit: configuration.listen.maxBody, report: { reporter.report($0) })
        server = try HTTPServer(
            try HTTPServer.Configuration(configuration.listen, allowed: configuration.auth.allowedAddresses)
        ) { _ in Receiver(services: services) }
        reference.set(server)
    }

    /// Serves until a signal ends it; then answers what has begun, delivers what was accepted, and returns.
    ///
    /// What is not delivered within `stop.grace` goes out after the next start. Where the journal is in memory it is
    /// lost with it, and counted in the log: that is a failure. A second signal ends the process at once.
    ///
    /// - Parameter load: reads the configuration again when SIGHUP asks for it.
    func run(
        readyFile: String?, reloading load: @escaping @Sendable () throws(ConfigurationError) -> LoadedConfiguration
    ) async throws {
        // Before anybody is told that we listen: a signal that comes right then must not be lost.
        let (ending, hangups) = signals()
        await desk?.takeUp()
        let work = Task { await pipeline.run() }
        let atDesk = Task { [desk] in await desk?.run() }
        let telling = tellLeftOut()
        let tidying = tidy()
        server.start()
        let url = configuration.listen.url(port: server.port)
        logger.notice("listening", metadata: .facts([.url: "\(url)", .version: "\(Version.current)"]))
        if configuration.policy.mode == .observe {
            logger.warning("observing only: nothing is sent", metadata: .facts([.key: "policy.mode"]))
        }
        if let readyFile { try ReadyFile.write(url, to: readyFile) }
        manager.tell(.ready(status: status))
        let reloading = reload(at: hangups, load)
        let beating = Task { [heartbeat] in try await heartbeat.run() }

        for await _ in ending {}
        logger.notice("stopping", metadata: .facts([.seconds: "\(configuration.stop.grace.components.seconds)"]))
        isStopping.set()
        manager.tell(.stopping(status: "Stopping: \(journal.state.alerts) alerts left"))
        reloading.cancel()
        intake.end()
        let deadline = ContinuousClock.now.advanced(by: configuration.stop.grace)
        // The other half is for what was accepted, whatever a client does.
        await server.stop(within: configuration.stop.grace / 2)
        journal.close()
        await finish(work, by: deadline)
        for sink in sinks { await sink.finish() }
        atDesk.cancel()
        telling.cancel()
        tidying.cancel()
        beating.cancel()
        reporter.tellLeftOut(ofAll: true)
        let left = journal.state.alerts
        logger.notice("stopped", metadata: .facts([.undelivered: "\(left)"]))
        guard !journal.isDurable else { return }
        let lost = left + (await journal.heldAlerts())
        guard lost > 0 else { return }
        logger.error(
            "alerts lost: they were neither delivered nor dropped in time", metadata: .facts([.alerts: "\(lost)"]))
        throw ExitStatus.failed
    }

    /// Where it listens and what is to be done, in a line.
    private var status: String {
        "Listening at \(configuration.listen.url(port: server.port)): \(journal.state.alerts) alerts to deliver"
    }

    private var heartbeat: Heartbeat {
        Heartbeat(
            manager: manager,
            parts: [
                { [server] in await server.answer() }, { [journal] in await journal.answer() },
                { [pipeline] in await pipeline.answer() },
            ], status: { [self] in status })
    }

    /// Reads the configuration again with each hangup.
    private func reload(
        at hangups: AsyncStream<Void>,
        _ load: @escaping @Sendable () throws(ConfigurationError) -> LoadedConfiguration
    ) -> Task<Void, Never> {
        Task { [server, access, configuration, logger, manager, lists] in
            var renewal = Renewal(server: server, access: access, configuration: configuration, logger: logger)
            for await _ in hangups {
                manager.tell(.reloading)
                renewal.take(load)
                await lists?.reload(logger)
                manager.tell(.ready(status: status))
            }
        }
    }

    /// Tells of floods that are over, now and then.
    private func tellLeftOut() -> Task<Void, any Error> {
        Task { [reporter] in
            while true {
                try await Task.sleep(for: .seconds(10))
                reporter.tellLeftOut()
            }
        }
    }

    /// Lets go of what has been kept long enough, now and then.
    private func tidy() -> Task<Void, any Error> {
        Task { [journal, reporter, pipeline, configuration] in
            while true {
                try await Task.sleep(for: .seconds(60))
                reporter.report(
                    expired: await journal.expireHeld(lastReceivedBefore: .now() - configuration.hold.expire))
                if let age = configuration.misp.retireAfter { _ = await pipeline.retire(unseenSince: .now() - age) }
                await journal.tidy(at: .now())
            }
        }
    }

    /// The first ends with the first signal that ends the service, and the second such signal ends the process; the
    /// second has an element for each hangup.
    private func signals() -> (ending: AsyncStream<Void>, hangups: AsyncStream<Void>) {
        let (ending, end) = AsyncStream<Void>.makeStream()
        let (hangups, hangup) = AsyncStream<Void>.makeStream()
        let arrivals = Signals.arrivals()
        Task { [logger] in
            var isEnding = false
            for await number in arrivals {
                if number == SIGHUP {
                    hangup.yield()
                    continue
                }
                guard isEnding else {
                    isEnding = true
                    end.finish()
                    continue
                }
                logger.error("stopped at once by a second signal")
                // What others still do must not be in the way, nor what the process would tidy up.
                _exit(ExitStatus.failed.rawValue)
            }
        }
        return (ending, hangups)
    }

    private func finish(_ work: Task<Void, Never>, by deadline: ContinuousClock.Instant) async {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        Task {
            await work.value
            continuation.finish()
        }
        Task {
            try? await Task.sleep(until: deadline, clock: .continuous)  // Nobody cancels this task.
            continuation.finish()
        }
        for await _ in stream {}
    }
}

extension JournalState {
    /// Alerts that are not everywhere they belong.
    fileprivate var alerts: Int { unfinished + undelivered }
}

extension AlertJournal {
    /// How many alerts are held for a person.
    fileprivate func heldAlerts() async -> Int {
        var alerts = 0
        var last: SourceKey?
        while true {
            let page = await heldSources(after: last, limit: 1000)
            guard let end = page.last else { return alerts }
            alerts += page.reduce(0) { $0 + $1.batch.evidence.alerts.count }
            last = end.source
        }
    }
}

/// The server, for the page of its own that is made before it is.
private final class ServerReference: Sendable {
    private let server = Locked<HTTPServer?>(nil)

    var openConnections: Int { server.withLock { $0 }?.statistics.openConnections ?? 0 }

    func set(_ server: HTTPServer) {
        self.server.withLock { $0 = server }
    }
}
