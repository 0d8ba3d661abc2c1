/// The text format 0.0.4 of Prometheus.
struct PrometheusText {
    /// What HTTP calls it.
    static let contentType: StaticString = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    mutating func write(_ name: MetricName, _ family: [[String]: CounterSeries]) {
        write(name, "counter", family) { text, labels, series in
            text += "\(name.name)\(labels) \(series.value)\n"
        }
    }

    mutating func write(_ name: MetricName, _ family: [[String]: GaugeSeries]) {
        write(name, "gauge", family) { text, labels, series in
            text += "\(name.name)\(labels) \(Self.number(series.value))\n"
        }
    }

    mutating func write(_ name: MetricName, _ family: [[String]: HistogramSeries]) {
        write(name, "histogram", family) { _, _, _ in }
        for (values, series) in Self.sorted(family) {
            let state = series.value
            var count: Int64 = 0
            for (bound, inBucket) in zip(series.bounds + [.infinity], state.counts) {
                count += inBucket
                let labels = Self.labels(name.labels + ["le"], values + [Self.number(bound)])
                text += "\(name.name)_bucket\(labels) \(count)\n"
            }
            let labels = Self.labels(name.labels, values)
            text += "\(name.name)_sum\(labels) \(Self.number(state.sum))\n"
            text += "\(name.name)_count\(labels) \(count)\n"
        }
    }

    private mutating func write<Series>(
        _ name: MetricName, _ type: String, _ family: [[String]: Series],
        line: (inout String, String, Series) -> Void
    ) {
        guard !family.isEmpty else { return }
        text += "# HELP \(name.name) \(Self.escaped(name.help))\n# TYPE \(name.name) \(type)\n"
        for (values, series) in Self.sorted(family) { line(&text, Self.labels(name.labels, values), series) }
    }

    private static func sorted<Series>(_ family: [[String]: Series]) -> [(key: [String], value: Series)] {
        family.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    }

    /// `{sink="misp",outcome="stored"}`, or nothing.
    private static func labels(_ names: [String], _ values: [String]) -> String {
        guard !names.isEmpty else { return "" }
        let pairs = zip(names, values).map { "\($0)=\"\(escaped($1).replacing("\"", with: "\\\""))\"" }
        return "{\(pairs.joined(separator: ","))}"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    /// `5`, `0.25`, `+Inf`, `NaN`.
    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map(String.init) ?? String(value)
    }
}
