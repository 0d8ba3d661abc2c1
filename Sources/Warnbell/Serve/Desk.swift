import CoreMetrics
import Journal
import Logging
import Pipeline
import Timestamps

/// The server's side of what people do beside it: it looks for what they ask, and leaves in the journal what they want
/// to know.
struct Desk: Sendable {
    private let journal: DurableJournal
    private let sinks: [String]
    private let pipeline: Pipeline
    private let executor: IntentExecutor
    private let logger: Logger
    private let instruments: Instruments

    /// How long nobody looks.
    private static let interval = Duration.milliseconds(500)

    init(
        journal: DurableJournal, pipeline: Pipeline, sinks: [String], logger: Logger, instruments: Instruments
    ) {
        self.journal = journal
        self.sinks = sinks
        self.pipeline = pipeline
        self.logger = logger
        self.instruments = instruments
        executor = IntentExecutor(
            journal: journal, sinks: sinks, pipeline: pipeline,
            mayShare: { [pipeline] in await pipeline.verdict(on: $0, $1) }
        ) { intent, outcome in
            if outcome.isFine {
                switch intent.request {
                case .pause: instruments.paused.set(1)
                case .resume: instruments.paused.set(0)
                case .replay, .dropDeadLetter, .release, .dropHeld, .addNever, .removeNever, .revoke, .unknown: break
                }
            }
            var facts: [LogKey: Logger.MetadataValue] = [
                .command: "\(intent.request.command)", .actor: "\(intent.actor)", .outcome: "\(outcome.text)",
            ]
            facts[.argument] = intent.request.argument.map { "\($0)" }
            facts[.reason] = intent.reason.map { "\($0)" }
            logger.notice("done as asked beside the server", metadata: .facts(facts))
        }
    }

    /// Takes up what was said before the server started; to be awaited before anything goes out.
    func takeUp() async {
        await journal.forgetRests()
        await journal.serve(sinks)
        await pipeline.setNever(journal.neverList())
        guard let pause = await journal.pause() else { return }
        await pipeline.setPaused(true)
        instruments.paused.set(1)
        logger.notice("sharing is paused", metadata: .facts([.reason: "\(pause.text)"]))
    }

    /// Carries out what is asked for, until its task is cancelled.
    func run() async {
        while !Task.isCancelled {
            await executor.work()
            try? await Task.sleep(for: Self.interval)  // Cut short, it ends.
        }
    }

    /// Keeps whether a sink is left alone.
    static func note(_ event: PipelineEvent, in journal: DurableJournal) {
        guard case .breaker(let sink, let state) = event else { return }
        switch state {
        case .closed: journal.note(nil, of: sink)
        case .open(let until, let reason):
            journal.note(SinkRest(reason: reason, until: .now() + (until - ContinuousClock.now)), of: sink)
        case .probing: break
        }
    }
}
