package import JSON

/// How much one body may hold.
package struct AlertLimits: Sendable, Equatable {
    /// Nesting and number of values.
    package var json: JSONLimits

    /// Alerts, taken and rejected, in one body.
    package var alerts: Int

    package init(json: JSONLimits = JSONLimits(), alerts: Int = 10_000) {
        self.json = json
        self.alerts = alerts
    }
}
