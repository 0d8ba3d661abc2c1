import Pipeline
import Wazuh

/// Sorts values into those for everybody and those that name our own side.
struct Screen {
    private(set) var everybody = Tallies<Indicator>(limit: .max)
    private(set) var ourselves = Tallies<Indicator>(limit: .max)
    private let words: InternalWords
    private let valueBytes: Int

    /// Bytes behind the limit that a name may reach into.
    private static let margin = 1024

    init(words: InternalWords, valueBytes: Int) {
        self.words = words
        self.valueBytes = valueBytes
    }

    /// A request to one of our hosts is a path for everybody, and the whole URL for ourselves; a request that one of
    /// ours made to the attacker is a URL for everybody.
    mutating func add(_ request: RequestText, role: Attacker.Role, _ tally: Tally) {
        switch role {
        case .source:
            if let url = request.url { withhold(Indicator(type: .url, value: url, side: .ours), tally) }
            let path = Indicator(type: .uri, value: request.target, side: .ours)
            if request.isPath { add(path, tally) } else if request.url == nil { withhold(path, tally) }
        case .destination:
            if let url = request.url {
                add(Indicator(type: .url, value: url, side: .attacker), tally)
            } else {
                add(Indicator(type: .uri, value: request.target, side: .ours), tally)
            }
        }
    }

    mutating func add(_ indicator: Indicator?, _ tally: Tally) {
        guard let indicator, let stored = stored(indicator) else { return }
        // Asked of more than is shown: half a name that the limit cut off is still told.
        let asked = MISPText.clean(indicator.value, bytes: valueBytes + Self.margin)
        let isUnsure = words.areIncomplete && indicator.type.isFreeText
        if isUnsure || words.occur(in: asked) { ourselves.add(stored, tally) } else { everybody.add(stored, tally) }
    }

    private mutating func withhold(_ indicator: Indicator, _ tally: Tally) {
        if let indicator = stored(indicator) { ourselves.add(indicator, tally) }
    }

    /// The value as MISP can store it; nil if nothing is left of it.
    private func stored(_ indicator: Indicator) -> Indicator? {
        let value = MISPText.line(indicator.value, bytes: valueBytes)
        return value.isEmpty ? nil : Indicator(type: indicator.type, value: value, side: indicator.side)
    }
}

extension AttributeType {
    /// Whether its values may hold any words at all.
    fileprivate var isFreeText: Bool {
        switch self {
        case .url, .uri, .userAgent: true
        default: false
        }
    }
}
