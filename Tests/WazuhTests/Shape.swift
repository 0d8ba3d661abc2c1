import Testing
import Wazuh

/// The wrappings that an alert may arrive in.
enum Shape: CaseIterable, CustomTestStringConvertible {
    case bare, envelope, array, lines, hits, innerHits, hitLine

    /// A body with one alert in it.
    func body(_ alert: String) -> String {
        let hit = #"{"_index":"wazuh-alerts-4.x-2026.11.24","_id":"a1","_score":1.0,"_source":\#(alert)}"#
        return switch self {
        case .bare: alert
        case .envelope:
            #"{"severity": 3, "pretext": "WAZUH Alert", "title": "t", "text": null, "rule_id": "1", "id": "2", "#
                + #""timestamp": "3", "all_fields": \#(alert)}"#
        case .array: " [\n\(alert)\n] "
        case .lines: "\n\(alert)\r\n\n"
        case .hits: #"{"hits":[\#(hit)]}"#
        case .innerHits: #"{"took":3,"hits":{"total":{"value":1},"max_score":1.0,"hits":[\#(hit)]}}"#
        case .hitLine: hit + "\n"
        }
    }

    var isHit: Bool {
        switch self {
        case .hits, .innerHits, .hitLine: true
        default: false
        }
    }

    var testDescription: String { "\(self)" }
}

extension AlertDecoder {
    mutating func decode(_ body: String) throws(DecodeError) -> DecodedBody {
        try decode(Array(body.utf8).span)
    }
}
