import CoreMetrics
import Isolation

/// Keeps the metrics that ``MetricName/all`` names in memory; what others measure under other names is dropped.
final class MetricsRegistry: MetricsFactory {
    /// How many combinations of label values a metric may have; the rest is counted together as `other`.
    static let seriesLimit = 100

    /// The series of one metric by the values of its labels, in the metric's order.
    private typealias Family<Series> = [[String]: Series]

    private struct State {
        var counters: [MetricName: Family<CounterSeries>] = [:]
        var gauges: [MetricName: Family<GaugeSeries>] = [:]
        var histograms: [MetricName: Family<HistogramSeries>] = [:]
    }

    private static let names = Dictionary(uniqueKeysWithValues: MetricName.all.map { ($0.name, $0) })

    private let state = Locked(State())

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        guard let (name, values) = identify(label, dimensions), name.kind == .counter else {
            return NOOPMetricsHandler.instance
        }
        return state.withLock { Self.series(of: values, in: &$0.counters[name, default: [:]], CounterSeries()) }
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions) ?? NOOPMetricsHandler.instance
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        if aggregate { return histogram(label, dimensions) ?? NOOPMetricsHandler.instance }
        return gauge(label, dimensions) ?? NOOPMetricsHandler.instance
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions) ?? NOOPMetricsHandler.instance
    }

    // A series that has been seen stays: a counter that vanishes looks like a restart.
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    /// All values at this moment, in the text format of Prometheus.
    var text: String {
        state.withLock { state in
            var writer = PrometheusText()
            for name in MetricName.all {
                writer.write(name, state.counters[name] ?? [:])
                writer.write(name, state.gauges[name] ?? [:])
                writer.write(name, state.histograms[name] ?? [:])
            }
            return writer.text
        }
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeSeries? {
        guard let (name, values) = identify(label, dimensions), name.kind == .gauge else { return nil }
        return state.withLock { Self.series(of: values, in: &$0.gauges[name, default: [:]], GaugeSeries()) }
    }

    private func histogram(_ label: String, _ dimensions: [(String, String)]) -> HistogramSeries? {
        guard let (name, values) = identify(label, dimensions), case .histogram(let bounds) = name.kind else {
            return nil
        }
        return state.withLock {
            Self.series(of: values, in: &$0.histograms[name, default: [:]], HistogramSeries(bounds: bounds))
        }
    }

    /// The metric of that name and the values of its labels, if exactly those are given.
    private func identify(_ label: String, _ dimensions: [(String, String)]) -> (MetricName, [String])? {
        guard let name = Self.names[label], name.labels.count == dimensions.count else { return nil }
        let values = name.labels.compactMap { label in dimensions.first { $0.0 == label }?.1 }
        return values.count == dimensions.count ? (name, values) : nil
    }

    private static func series<Series>(
        of values: [String], in family: inout Family<Series>, _ new: @autoclosure () -> Series
    ) -> Series {
        let isFull = family.count >= seriesLimit && family[values] == nil
        let values = isFull ? values.map { _ in "other" } : values
        if let known = family[values] { return known }
        let series = new()
        family[values] = series
        return series
    }
}
