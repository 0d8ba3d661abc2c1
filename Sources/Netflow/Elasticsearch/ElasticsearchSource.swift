package import IPAddresses
import Isolation
import JSON
package import Pipeline
package import Timestamps

/// Flow logs in Elasticsearch or OpenSearch.
///
/// All addresses are asked for in few requests to `_msearch`. Aggregations of the cluster sum the records up; which
/// of them belong together is decided here.
package final class ElasticsearchSource: FlowSource {
    package let name = "elasticsearch"

    private let configuration: Configuration
    private let cluster: Cluster
    private let state = Locked(State())

    private struct State {
        var groups: (known: IndexGroups, since: Timestamp)?

        /// The user may search, but not with `_msearch`, which is a right of its own.
        var isMultiSearchForbidden = false
    }

    package init(_ configuration: Configuration) {
        self.configuration = configuration
        cluster = Cluster(configuration)
    }

    /// The window is widened to whole minutes. A flow lies in it when its record's own time does.
    ///
    /// - Throws: ``ElasticsearchError``, or `CancellationError` when the task was cancelled.
    package func lookup(_ addresses: [IPAddress], in window: Range<Timestamp>) async throws -> [FlowFindings] {
        let groups = try await indexGroups()
        let shortcomings = groups.shortcomings(of: configuration.indices)
        let targets = groups.targets(configuration.indices)
        var schedule = SearchSchedule(
            addresses.map { address in
                let searches = targets.map {
                    FlowSearch(address: address, fields: $0.fields, indices: $0.indices, window: window)
                }
                return (address, searches)
            }, configuration)
        while true {
            let batch = schedule.nextBatch()
            if batch.isEmpty { break }
            let pause = schedule.take(try await search(batch), jitter: .random(in: 0...1))
            if pause > .zero { try await configuration.pause(pause) }
        }
        return try schedule.findings().map {
            var findings = $0
            findings.incomplete.insert(contentsOf: shortcomings, at: 0)
            return findings
        }
    }

    /// Asks the cluster who it is and which indices hold flows, and says so in a sentence.
    ///
    /// - Throws: ``ElasticsearchError``.
    package func check() async throws -> String {
        let product = try await product()
        state.withLock { $0.groups = nil }
        let groups = try await indexGroups()
        let schemas = Set(groups.groups.map(\.fields.schema)).sorted().joined(separator: ", ")
        let flows = groups.groups.map(\.indices.count).reduce(0, +)
        let found = flows == 0 ? "no index with flows" : "\(flows) of \(groups.count) indices hold flows (\(schemas))"
        let shortcomings = groups.shortcomings(of: configuration.indices).map { "; \($0)" }.joined()
        return "\(product): \(found)\(shortcomings)"
    }

    private func product() async throws -> String {
        do {
            let version = try await cluster.ask("/", "/", within: configuration.requestTimeout).root["version"]
            let name = version?["distribution"]?.string == "opensearch" ? "OpenSearch" : "Elasticsearch"
            return "\(name) \(version?["number"]?.string.map(ServerText.line) ?? "of unknown version")"
        } catch ElasticsearchError.forbidden {
            // Who may search need not be allowed to ask this.
            return "a cluster that does not say its version"
        }
    }

    private func indexGroups() async throws -> IndexGroups {
        let now = configuration.now()
        if let (known, since) = state.withLock({ $0.groups }),
            (since...since + configuration.mappingAge).contains(now)
        {
            return known
        }
        let fields = IndexFields.probed(configuration.maps).joined(separator: ",")
        let path =
            "/\(Cluster.pathPart(configuration.indices))/_field_caps?fields=\(fields)&\(Self.tolerance)"
            + "&include_unmapped=true"
        let document = try await cluster.ask("_field_caps", path, within: configuration.requestTimeout)
        guard let groups = IndexGroups(document.root, maps: configuration.maps) else {
            throw ElasticsearchError.unexpected(document)
        }
        state.withLock { $0.groups = (groups, now) }
        return groups
    }

    /// One result for each search. What befalls the whole request befalls each of them.
    private func search(_ searches: [FlowSearch]) async throws -> [Result<FlowPage, ElasticsearchError>] {
        guard !state.withLock({ $0.isMultiSearchForbidden }) else { return try await searchSingly(searches) }
        do {
            return try await searchTogether(searches)
        } catch ElasticsearchError.forbidden {
            state.withLock { $0.isMultiSearchForbidden = true }
            return try await searchSingly(searches)
        } catch let error as ElasticsearchError {
            return searches.map { _ in .failure(error) }
        }
    }

    private func searchTogether(_ searches: [FlowSearch]) async throws -> [Result<FlowPage, ElasticsearchError>] {
        var body: [UInt8] = []
        for search in searches {
            let header: Query = [
                "index": .string(search.indices.joined(separator: ",")), "ignore_unavailable": true,
                "allow_no_indices": true, "request_cache": true,
            ]
            for line in [header.line, search.body(configuration.bounds).line] { body += line + [UInt8(ascii: "\n")] }
        }
        let document = try await cluster.ask(
            "_msearch", "/_msearch?max_concurrent_searches=\(configuration.concurrentSearches)", body: body,
            within: configuration.timeout(searches: searches.count))
        let responses = document.root["responses"]?.elements ?? []
        guard responses.count == searches.count else { throw ElasticsearchError.unexpected(document) }
        return zip(searches, responses).map { search, response in
            if response["error"] != nil { return .failure(ElasticsearchError(item: response, action: "_msearch")) }
            return page(response, search, document)
        }
    }

    private func searchSingly(_ searches: [FlowSearch]) async throws -> [Result<FlowPage, ElasticsearchError>] {
        var results: [Result<FlowPage, ElasticsearchError>] = []
        for search in searches {
            let path = "/\(Cluster.pathPart(search.indices))/_search?request_cache=true&\(Self.tolerance)"
            do {
                let document = try await cluster.ask(
                    "_search", path, body: search.body(configuration.bounds).line,
                    within: configuration.timeout(searches: 1))
                results.append(page(document.root, search, document))
            } catch let error as ElasticsearchError {
                results.append(.failure(error))
            }
        }
        return results
    }

    private func page(
        _ answer: JSONValue, _ search: FlowSearch, _ document: JSONDocument
    ) -> Result<FlowPage, ElasticsearchError> {
        FlowPage(answer, to: search, pageSize: configuration.pageSize).map { .success($0) }
            ?? .failure(.unexpected(document))
    }

    /// Indices that come and go are no error.
    private static let tolerance = "ignore_unavailable=true&allow_no_indices=true"
}

extension ElasticsearchSource.Configuration {
    fileprivate var bounds: FlowSearch.Bounds {
        FlowSearch.Bounds(pageSize: pageSize, timeout: searchTimeout)
    }
}
