import Netflow
import Pipeline

/// The flow sources that a configuration names.
enum FlowSources {
    /// The one that is asked: Elasticsearch where it is set, else the directory of NDJSON; nil when there is neither.
    static func source(for netflow: Configuration.Netflow) -> (any FlowSource)? {
        elasticsearch(for: netflow.elasticsearch) ?? directory(for: netflow)
    }

    /// The Elasticsearch or OpenSearch cluster; nil when there is none.
    static func elasticsearch(for settings: Configuration.Elasticsearch) -> ElasticsearchSource? {
        guard let url = settings.url else { return nil }
        var configuration = ElasticsearchSource.Configuration(url: url)
        configuration.indices = settings.index
        if let key = settings.apiKey {
            configuration.authorization = .apiKey(key.text)
        } else if let user = settings.user, let password = settings.password {
            configuration.authorization = .basic(user: user, password: password.text)
        }
        configuration.caFile = settings.caFile
        return ElasticsearchSource(configuration)
    }

    /// The directory of flow files; nil when there is none.
    static func directory(for netflow: Configuration.Netflow) -> NDJSONDirectory? {
        netflow.directory.map { NDJSONDirectory(NDJSONDirectory.Configuration(directory: $0)) }
    }
}
