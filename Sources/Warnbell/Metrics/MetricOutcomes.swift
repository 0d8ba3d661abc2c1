/// How a request was answered.
enum RequestOutcome: String, CaseIterable, Sendable {
    case answered
    /// The request was wrong: a status of 4xx.
    case refused
    /// There was no room for it: 503, 429.
    case busy
    /// Another 5xx.
    case failed

    init(status: Int) {
        self =
            switch status {
            case 429, 503: .busy
            case 400..<500: .refused
            case 500...: .failed
            default: .answered
            }
    }
}

/// What became of an alert at the door.
enum AlertOutcome: String, CaseIterable, Sendable { case accepted, duplicate, rejected }

/// What was decided about an alert.
enum AlertDecision: String, CaseIterable, Sendable { case share, hold, context, investigate, ignore, never }

/// What a sink answered.
enum DeliveryOutcome: String, CaseIterable, Sendable {
    case stored
    /// Not stored, as it was configured.
    case leftOut = "left_out"
    case retry, pause, refused
}

/// What came of a Netflow lookup.
enum LookupOutcome: String, CaseIterable, Sendable { case complete, incomplete, failed }

/// What is missing of an event that a sink stored: an item it refused, or what it warns of.
enum Shortfall: String, Sendable { case refused, warning }
