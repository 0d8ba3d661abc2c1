import Pipeline
import Wazuh

/// Sorts values into those for everybody and those that name our own side.
struct Screen {
    private(set) var everybody = Tallies<Indicator>(limit: .max)
    private(set) var ourselves = Tallies<Indicator>(limit: .max)
    private var told: [WebRequest.Key: WebRequest] = [:]
    private let words: InternalWords
    private let valueBytes: Int

    /// Bytes behind the limit that a name may reach into.
    private static let margin = 1024

    init(words: InternalWords, valueBytes: Int) {
        self.words = words
        self.valueBytes = valueBytes
    }

    /// Requests that everybody may know of, the noisiest first.
    var requests: [WebRequest] {
        told.values.sorted { left, right in
            (right.tally.count, left.target, left.method ?? "") < (left.tally.count, right.target, right.method ?? "")
        }
    }

    /// A request to one of our hosts is a path for everybody, and the whole URL for ourselves; a request that one of
    /// ours made to the attacker is a URL for everybody.
    mutating func add(_ request: Evidence.Request, _ text: RequestText, _ tally: Tally) {
        let shown: Indicator?
        switch request.role {
        case .source:
            if let url = text.url { withhold(Indicator(type: .url, value: url, side: .ours), tally) }
            let path = Indicator(type: .uri, value: text.target, side: .ours)
            shown = text.isPath ? add(path, tally) : nil
            if !text.isPath, text.url == nil { withhold(path, tally) }
        case .destination:
            shown =
                if let url = text.url {
                    add(Indicator(type: .url, value: url, side: .attacker), tally)
                } else {
                    add(Indicator(type: .uri, value: text.target, side: .ours), tally)
                }
        }
        guard let shown else { return }
        let agent = request.userAgent.map { Indicator(type: .userAgent, value: $0, side: .ours) }
            .flatMap { mayTell($0) ? stored($0) : nil }
        let told = WebRequest(
            method: request.method, target: shown, role: request.role, userAgent: agent?.value, tally: tally)
        if self.told[told.key]?.add(told) == nil { self.told[told.key] = told }
    }

    /// Gives the indicator as everybody sees it; nil where nobody else does.
    @discardableResult
    mutating func add(_ indicator: Indicator?, _ tally: Tally) -> Indicator? {
        guard let indicator, let stored = stored(indicator) else { return nil }
        guard mayTell(indicator) else {
            ourselves.add(stored, tally)
            return nil
        }
        everybody.add(stored, tally)
        return stored
    }

    private func mayTell(_ indicator: Indicator) -> Bool {
        // Asked of more than is shown: half a name that the limit cut off is still told.
        let asked = MISPText.clean(indicator.value, bytes: valueBytes + Self.margin)
        let isUnsure = words.areIncomplete && indicator.type.isFreeText
        return !isUnsure && !words.occur(in: asked)
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
