import Journal
import Timestamps

/// How a service stands, for a program.
struct StatusJSON: Encodable {
    struct Paused: Encodable {
        let since: String
        let actor: String
        let reason: String?
    }

    struct Manager: Encodable {
        let name: String?
        let lastAlert: String
        let lagSeconds: Double?
    }

    struct Sink: Encodable {
        let name: String
        let lastConfirmed: String?
        let outstandingSources: Int
        let outstandingAlerts: Int
        let oldest: String?
        let leftAloneUntil: String?
        let leftAloneReason: String?
    }

    let time: String
    let directory: String
    let isRunning: Bool
    let sharing: String
    let paused: Paused?
    let waitingAlerts: Int
    let unpublishedEvents: Int
    let withdrawals: Int
    let deadLetters: Int
    let heldSources: Int
    let openRequests: Int
    let journalBytes: Int
    let journalLimit: Int
    let managers: [Manager]
    let sinks: [Sink]
    let advice: [String]

    init(_ report: StatusReport) {
        let status = report.status
        time = report.now.iso8601
        directory = report.directory
        isRunning = status.isServed
        sharing = status.pause != nil ? "paused" : report.isObserving ? "observing" : "on"
        paused = status.pause.map { Paused(since: $0.since.iso8601, actor: $0.actor, reason: $0.reason) }
        waitingAlerts = status.waiting
        unpublishedEvents = status.unpublished
        withdrawals = status.withdrawing
        deadLetters = status.deadLetters
        heldSources = status.held
        openRequests = status.openIntents.count
        journalBytes = status.bytes
        journalLimit = report.byteLimit
        managers = status.managers.map {
            Manager(
                name: $0.name, lastAlert: $0.last.iso8601, lagSeconds: $0.lag.map { Double($0.milliseconds) / 1000 })
        }
        sinks = status.sinks.map {
            Sink(
                name: $0.name, lastConfirmed: $0.confirmed?.iso8601, outstandingSources: $0.sources,
                outstandingAlerts: $0.alerts, oldest: $0.oldest?.iso8601,
                leftAloneUntil: $0.rest?.until.iso8601, leftAloneReason: $0.rest?.reason)
        }
        advice = report.advice
    }
}
