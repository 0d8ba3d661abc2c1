import Wazuh

// Why a body or an entry of one was not taken, in one word each: the labels of metrics.

extension DecodeError {
    var word: String {
        switch self {
        case .malformed: "broken_json"
        case .notAnAlert(let reason): reason.word
        case .tooManyAlerts: "too_many_alerts"
        }
    }
}

extension DecodedBody.Reason {
    var word: String {
        switch self {
        case .malformed: "broken_json"
        case .notAnAlert(let reason): reason.word
        }
    }
}

extension NotAnAlert {
    fileprivate var word: String { self == .slackMessage ? "slack_message" : "no_alert" }
}
