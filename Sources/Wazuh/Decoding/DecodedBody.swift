package import JSON

/// What a body held.
package struct DecodedBody: Sendable {
    /// The alerts that were understood, in their order.
    package internal(set) var alerts: [Alert] = []

    /// What was not, in its order.
    package internal(set) var rejected: [Rejection] = []

    /// The secret under `warnbell_token` at the top of the body or of a line: Wazuh's `<options>` put it there. It
    /// stands in none of the alerts.
    package internal(set) var token: String?

    /// An entry of a body that was left out, while others were taken.
    package struct Rejection: Sendable, Equatable {
        /// The entry's place among all entries of the body, from 0.
        package let index: Int
        package let reason: Reason

        package init(index: Int, reason: Reason) {
            self.index = index
            self.reason = reason
        }
    }

    package enum Reason: Sendable, Equatable {
        /// The line is no JSON; the offset counts from the beginning of the body.
        case malformed(JSONError)
        case notAnAlert(NotAnAlert)
    }
}

/// Why a body was refused as a whole.
package enum DecodeError: Error, Equatable, Sendable {
    /// It is no JSON.
    case malformed(JSONError)
    /// It is JSON, but no alert.
    case notAnAlert(NotAnAlert)
    /// It holds more alerts than the limit.
    case tooManyAlerts(limit: Int)
}

/// Why a JSON value is no alert.
package enum NotAnAlert: Equatable, Sendable {
    case notAnObject(JSONKind)
    /// A message of Wazuh's Slack integration.
    case slackMessage
    /// `all_fields` holds something else.
    case envelopeWithoutAlert
    /// A search hit without a `_source` that is an alert.
    case hitWithoutAlert
    /// An event of Wazuh 5.x that no rule matched, or a finding without its rule's id.
    case eventWithoutRule
    case unknownObject
}

extension NotAnAlert: CustomStringConvertible {
    /// A sentence for the sender that says what was expected.
    package var description: String {
        switch self {
        case .notAnObject(let kind):
            "Expected an alert, which is a JSON object, but found \(kind.noun)."
        case .slackMessage:
            """
            This is a Slack message, which holds no alert: expected the body of Wazuh's Shuffle integration \
            (<name>shuffle</name>) or the alert itself.
            """
        case .envelopeWithoutAlert:
            "Expected a Wazuh alert under all_fields: an object with rule.id and rule.level."
        case .hitWithoutAlert:
            "Expected a Wazuh alert under _source: an object with rule.id and rule.level."
        case .eventWithoutRule:
            "This is an event of Wazuh 5 without a rule: expected a finding, with wazuh.rule.id."
        case .unknownObject:
            """
            This is no Wazuh alert: expected an object with rule.id and rule.level, a Shuffle body with all_fields, \
            a Wazuh 5 finding with wazuh.rule.id, or search hits with _source.
            """
        }
    }
}

extension DecodedBody.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let error): "The JSON is malformed at \(error)."
        case .notAnAlert(let reason): "\(reason)"
        }
    }
}

extension DecodeError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let error): "The JSON is malformed at \(error)."
        case .notAnAlert(let reason): "\(reason)"
        case .tooManyAlerts(let limit): "Expected at most \(limit) alerts in one body."
        }
    }
}

extension JSONKind {
    fileprivate var noun: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .true, .false: "a boolean"
        case .null: "null"
        }
    }
}
