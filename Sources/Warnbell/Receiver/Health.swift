import HTTPServer
import Isolation
import Pipeline

/// What a health check asks.
enum HealthProbe: Equatable {
    /// Does the process answer?
    case live
    /// Would it take alerts?
    case ready
}

/// Whether the service lives, and whether it would take alerts.
///
/// It is ready while the journal has room and can write. That MISP or Elasticsearch is away changes nothing: the journal is there
/// for that.
struct Health: Sendable {
    static let contentType: StaticString = "application/health+json"

    let journal: any AlertJournal
    let isStopping: Flag

    func response(to probe: HealthProbe) -> Response {
        var isFine = true
        if probe == .ready {
            let state = journal.state
            isFine = !isStopping.isSet && state.hasRoom && !state.isFailing
        }
        return Response(
            isFine ? .ok : .serviceUnavailable, contentType: Self.contentType,
            fields: [Response.Field("Cache-Control", "no-store")],
            body: .bytes(Array((isFine ? #"{"status":"pass"}"# : #"{"status":"fail"}"#).utf8)))
    }
}
