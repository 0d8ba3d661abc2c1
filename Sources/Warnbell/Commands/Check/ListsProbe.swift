import MISP
import Pipeline

/// What `check` tells of warninglists: which are asked, and whether they answer.
enum ListsProbe {
    /// Private addresses, and resolvers that everybody uses: a server with any of the usual lists names one of them.
    private static let wellKnown = ["10.0.0.1", "192.0.2.1", "1.1.1.1", "8.8.8.8"]

    static func check(_ configuration: Configuration, _ report: inout CheckReport) async {
        let subject = "lists"
        let client = Sinks.mispClient(for: configuration.misp)
        if let directory = configuration.lists.directory {
            await report.check(subject) {
                let lists = try WarninglistDirectory(directory)
                return "\(lists.summary) (\(directory))"
            }
        }
        if let client {
            var isOnNone = false
            await report.check(subject) {
                let lists = try await client.warninglists(naming: wellKnown)
                isOnNone = lists.isEmpty
                return "MISP's own are asked before anything is shared"
            }
            if isOnNone {
                report.tell(
                    .warning, subject,
                    "MISP names none of \(wellKnown.joined(separator: ", ")): probably no warninglist is enabled there, "
                        + "and nobody is on one")
            }
        }
        if client == nil, configuration.lists.directory == nil {
            report.tell(
                .note, subject,
                "none: neither misp.url nor lists.directory, so CDNs, crawlers and clouds are shared as others")
        }
    }
}
