package import Timestamps

/// How a service stands, as far as its journal tells.
package struct JournalStatus: Sendable {
    /// Whether a server runs.
    package var isServed: Bool

    /// Nil while things are shared.
    package var pause: Pause?

    /// Managers among the newest alerts, the one that was heard last first.
    package var managers: [Manager]

    /// Alerts accepted and neither finished nor in a closed batch.
    package var waiting: Int
    package var sinks: [Sink]
    package var deadLetters: Int

    /// Events that changed and are to be published, and events that sinks are to take back, counted for each sink.
    package var unpublished: Int
    package var withdrawing: Int

    /// Sources that wait for a person.
    package var held: Int

    /// Bytes of the file that hold something.
    package var bytes: Int

    /// What was asked for and not carried out.
    package var openIntents: [Intent]

    /// A Wazuh manager.
    package struct Manager: Sendable, Equatable {
        /// Nil for alerts that name none.
        package let name: String?
        /// When its last alert came.
        package let last: Timestamp
        /// How old that was by then; nil where the alert does not tell.
        package let lag: Duration?
    }

    package struct Sink: Sendable, Equatable {
        package let name: String

        /// What it lacks: sources, alerts of theirs, and when the first of these came.
        package let sources: Int
        package let alerts: Int
        package let oldest: Timestamp?

        /// Nil while it is used.
        package let rest: SinkRest?

        /// When it took an event last.
        package let confirmed: Timestamp?
    }
}
