import HTTPServer

/// What a request is about.
enum Route: Equatable {
    /// Alerts, posted to `/webhooks/wazuh` or to any other path: a manager whose hook_url has a typing error would
    /// lose every alert and be told nothing.
    case alerts
    case health(HealthProbe)
    case metrics
    case feed(FeedFile)
    /// The description of all this.
    case description
    case unknown

    init(_ head: borrowing RequestHead) {
        if head.pathIs("/webhooks/wazuh") {
            self = .alerts
            return
        }
        switch head.path.replacing("//", with: "/") {
        case "/livez": self = .health(.live)
        case "/readyz", "/healthz": self = .health(.ready)
        case "/metrics": self = .metrics
        case "/openapi.yaml": self = .description
        // MISP appends "/manifest.json" to the feed's URL, also where that ends with a slash.
        case let path where path.hasPrefix("/feed/"):
            self = FeedFile(name: String(path.dropFirst("/feed/".count))).map(Route.feed) ?? .unknown
        default: self = head.method == .post ? .alerts : .unknown
        }
    }

    /// The value of `Allow`; nil where nothing is known of the resource.
    var allowedMethods: String? {
        switch self {
        case .alerts: "POST, OPTIONS"
        case .health, .metrics, .feed, .description: "GET, HEAD, OPTIONS"
        case .unknown: nil
        }
    }

    /// What a credential must be good for; nil where none is needed.
    var scope: Scopes? {
        switch self {
        case .alerts: .alerts
        case .metrics: .metrics
        case .feed: .feed
        // Whatever it is good for, a credential must be known.
        case .description: []
        case .health, .unknown: nil
        }
    }

    func allows(_ method: Method) -> Bool {
        switch self {
        case .alerts: method == .post
        case .health, .metrics, .feed, .description: method == .get || method == .head
        case .unknown: true
        }
    }
}
