import HTTPClient
import Timestamps

/// What an answer tells of the way to a server.
struct MISPConnection {
    /// From the call to the last byte, a new connection included.
    let latency: Duration

    /// How far the server's clock is ahead of ours; nil where it does not say.
    let clockSkew: Duration?

    /// How long the server's certificate is good; nil without TLS, or where it is not known.
    let certificateLeft: Duration?

    /// Whether what is sent can't be read on the way.
    let isEncrypted: Bool

    init(_ response: HTTPClient.Response, took latency: Duration, url: String, now: Timestamp = .now()) {
        self.latency = latency
        // Written in the middle of the exchange.
        clockSkew = response.headers["Date"].flatMap { Timestamp.parse(httpDate: $0) }.map { $0 - (now - latency / 2) }
        certificateLeft = response.certificateEnd.flatMap { Timestamp(certificateDate: $0) }.map { $0 - now }
        isEncrypted = url.lowercased().hasPrefix("https:")
    }

    var findings: [MISPFinding] { [answer] + [clock, certificate].compactMap { $0 } }

    private var answer: MISPFinding {
        let milliseconds = latency.milliseconds
        guard latency > .seconds(5) else { return MISPFinding(.fine, "answers in \(milliseconds) ms") }
        return MISPFinding(
            .warning, "answers in \(milliseconds) ms: events may take long",
            fix: "look at the load of the server; misp.timeout says how long a request may take")
    }

    private var clock: MISPFinding? {
        guard let clockSkew else { return nil }
        let seconds = abs(clockSkew.milliseconds) / 1000
        guard seconds > 60 else { return nil }
        return MISPFinding(
            .warning,
            "its clock is \(seconds) s \(clockSkew < .zero ? "behind" : "ahead of") this machine's: what "
                + "changed last is told by time, so changes may be passed over",
            fix: "keep both clocks with NTP")
    }

    private var certificate: MISPFinding? {
        guard isEncrypted else {
            return MISPFinding(
                .warning, "the connection is not encrypted: whoever is on the way reads the key",
                fix: "use https:// in misp.url")
        }
        guard let days = certificateLeft.map({ $0.milliseconds / 86_400_000 }) else { return nil }
        let span = days == 1 ? "1 day" : "\(days) days"
        guard days < 14 else { return MISPFinding(.fine, "its certificate is good for \(span)") }
        return MISPFinding(
            .warning, "its certificate is good for \(span) only: after that nothing is sent", fix: "have it renewed")
    }
}

extension Timestamp {
    /// Reads the end of a certificate as libcurl writes it: `Nov 26 17:00:00 2026 GMT`.
    init?(certificateDate text: String) {
        let parts = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 5, parts[4] == "GMT", let month = months.firstIndex(of: String(parts[0])) else {
            return nil
        }
        func twoDigits(_ text: String) -> String { text.count < 2 ? "0\(text)" : text }
        self.init("\(parts[3])-\(twoDigits("\(month + 1)"))-\(twoDigits(String(parts[1])))T\(parts[2])Z")
    }
}
