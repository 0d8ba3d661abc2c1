package import IPAddresses
package import Timestamps

/// Where Netflow logs are: Elasticsearch, nfdump files, a directory of NDJSON.
package protocol FlowSource: Sendable {
    /// The source's name in logs, metrics and answers: `elasticsearch`, `ndjson`.
    var name: String { get }

    /// What the logs say of each address, in the order asked; one entry an address, also where nothing was found.
    ///
    /// Throws when the source could not be asked at all; what was only partly answered says so in
    /// ``FlowFindings/incomplete``.
    func lookup(_ addresses: [IPAddress], in window: Range<Timestamp>) async throws -> [FlowFindings]
}
