import FoundationEssentials
import HTTPServer
import Wazuh

/// The answers that the receiver gives.
enum Answers {
    /// How many rejected entries of a request are explained.
    static let explained = 20

    /// What became of the alerts of one request, as the body of a `202`.
    private struct Summary: Encodable {
        let accepted: Int
        let duplicate: Int
        let rejected: Int
        /// The first of the rejected ones.
        let errors: [Fault]?

        struct Fault: Encodable {
            /// Place in the request, from 0.
            let index: Int
            let reason: String
        }
    }

    /// `202`: the journal has the alerts.
    static func accepted(_ accepted: Int, duplicates: Int, rejected: [DecodedBody.Rejection]) -> Response {
        if accepted == 1, duplicates == 0, rejected.isEmpty { return acceptedOne }
        let faults = rejected.prefix(explained).map { Summary.Fault(index: $0.index, reason: "\($0.reason)") }
        let summary = Summary(
            accepted: accepted, duplicate: duplicates, rejected: rejected.count, errors: faults.isEmpty ? nil : faults)
        return json(.accepted, summary)
    }

    private static let acceptedOne = json(
        .accepted, Summary(accepted: 1, duplicate: 0, rejected: 0, errors: nil))

    /// `503` where time may help, even after the reply was delayed; `413` for more alerts than there is ever room for.
    static func turnedAway(_ refusal: Intake.Refusal, retryAfter seconds: Int) -> Response {
        var response: Response
        switch refusal {
        case .tooLarge:
            return .problem(
                .contentTooLarge,
                detail: "These are more alerts than the queue can hold (journal.max_alerts): send fewer.")
        case .full: response = .problem(.serviceUnavailable, detail: "The queue of alerts is full.")
        case .failed:
            response = .problem(
                .serviceUnavailable,
                detail: "The alerts could not be stored: the file of the queue can't be written to at the moment.")
        }
        response.fields.append(Response.Field("Retry-After", "\(seconds)"))
        return response
    }

    /// `400` for broken JSON, `422` for JSON that is no alert, `413` for too many.
    static func undecodable(_ error: DecodeError) -> Response {
        switch error {
        case .malformed: .problem(.badRequest, title: "Broken JSON", detail: "\(error)")
        case .notAnAlert: .problem(.unprocessableContent, title: "No Wazuh alert", detail: "\(error)")
        case .tooManyAlerts: .problem(.contentTooLarge, detail: "\(error)")
        }
    }

    /// `422`: each entry of the request was rejected.
    static func allRejected(_ rejected: [DecodedBody.Rejection]) -> Response {
        let first = rejected.first.map { " The first: \($0.reason)" } ?? ""
        return .problem(
            .unprocessableContent, title: "No Wazuh alert",
            detail: "None of \(rejected.count) entries is an alert that can be taken.\(first)")
    }

    /// `405`.
    static func methodNotAllowed(_ allowed: String) -> Response {
        var response = Response.problem(.methodNotAllowed, detail: "Allowed here: \(allowed).")
        response.fields.append(Response.Field("Allow", allowed))
        return response
    }

    /// `204` to OPTIONS.
    static func options(_ allowed: String) -> Response {
        Response(.noContent, fields: [Response.Field("Allow", allowed)])
    }

    static let notJSON = Response.problem(
        .unsupportedMediaType,
        detail: "Alerts come as application/json or application/x-ndjson; set the Content-Type.")

    static let notFound = Response.problem(
        .notFound,
        detail: "Alerts are posted to /webhooks/wazuh; /openapi.yaml describes what else there is.")

    static let noFeedFile = Response.problem(.notFound, detail: "The feed has no such file.")

    /// `200`: the OpenAPI description, whose media type is that of RFC 9512.
    static let description = Response(
        .ok, contentType: "application/yaml", body: .bytes(PackageResources.openapi_yaml))

    private static func json(_ status: Status, _ value: some Encodable) -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let body = try? encoder.encode(value) else {
            // Integers and text always encode.
            return .problem(.internalServerError, detail: "The answer could not be written.")
        }
        return Response(status, contentType: "application/json", body: .bytes(Array(body)))
    }
}
