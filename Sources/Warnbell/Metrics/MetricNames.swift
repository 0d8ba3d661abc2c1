extension MetricName {
    static let requests = MetricName(
        "http_requests_total", .counter, by: ["outcome"], "Requests answered, by outcome.")
    static let rejections = MetricName(
        "rejections_total", .counter, by: ["reason"], "Requests, and entries in them, that were refused, by reason.")
    static let authenticated = MetricName(
        "authenticated_requests_total", .counter, by: ["token"],
        "Requests that were let in, by the name of the token, webhook secret or certificate.")
    static let alerts = MetricName(
        "alerts_total", .counter, by: ["outcome"], "Alerts received, by what became of them at the door.")
    static let decisions = MetricName(
        "alert_decisions_total", .counter, by: ["decision"], "Alerts decided upon, by decision.")
    static let budgetHeld = MetricName(
        "budget_held_total", .counter, "Alerts held because their attacker is new and the budget is spent.")
    static let budgetLeft = MetricName(
        "budget_left", .gauge, "New attackers that policy.budget.per_hour allows now; -1 where it has no limit.")
    static let batches = MetricName("batches_total", .counter, "Batches closed.")
    static let deliveries = MetricName(
        "deliveries_total", .counter, by: ["sink", "outcome"],
        "Attempts to deliver an event, by sink and outcome; those that failed before it was composed included.")
    static let shortfalls = MetricName(
        "delivery_shortfalls_total", .counter, by: ["sink", "kind"],
        "What stored events lack: items that the sink refused, and warnings such as of tags that it left out.")
    static let queuedAlerts = MetricName(
        "queued_alerts", .gauge, "Accepted alerts that wait to be decided, or for their batch to close.")
    static let undeliveredAlerts = MetricName(
        "undelivered_alerts", .gauge, "Alerts in closed batches that a sink lacks, counted for each sink.")
    static let heldSources = MetricName("held_sources", .gauge, "Sources of which alerts are held for a person.")
    static let queuedBytes = MetricName("queued_bytes", .gauge, "Bytes of the journal: its file, or its memory.")
    static let connections = MetricName("open_connections", .gauge, "Connections that are open.")
    static let netflowLookups = MetricName(
        "netflow_lookups_total", .counter, by: ["outcome"], "Addresses looked up in Netflow, by outcome.")
    static let netflowSeconds = MetricName(
        "netflow_lookup_seconds", .histogram([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]),
        "How long a Netflow lookup took.")
    static let mispSeconds = MetricName(
        "misp_delivery_seconds", .histogram([0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]),
        "How long it took to deliver an event to MISP, with all requests for it.")
    static let paused = MetricName("paused", .gauge, "Whether sharing is paused: 1 if so, else 0.")
    static let buildInfo = MetricName("build_info", .gauge, by: ["version"], "Always 1; the version is a label.")

    /// Every metric there is, in the order in which they are shown.
    static let all = [
        buildInfo, requests, rejections, authenticated, alerts, decisions, budgetHeld, budgetLeft, batches, deliveries,
        shortfalls, queuedAlerts,
        undeliveredAlerts, heldSources, queuedBytes, connections, netflowLookups, netflowSeconds, mispSeconds, paused,
    ]
}
