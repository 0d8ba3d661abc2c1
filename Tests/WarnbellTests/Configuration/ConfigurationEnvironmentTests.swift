import Testing

@testable import Warnbell

struct ConfigurationEnvironmentTests {
    @Test("Every key has a variable of its own")
    func names() throws {
        let names = ConfigurationKey.all.map(\.environmentName)
        #expect(Set(names).count == names.count)
        #expect(ConfigurationKey.byName["listen.max_body"]?.environmentName == "WARNBELL_LISTEN_MAX_BODY")
        #expect(
            ConfigurationKey.byName["netflow.elasticsearch.api_key_file"]?.environmentName
                == "WARNBELL_NETFLOW_ELASTICSEARCH_API_KEY_FILE")
    }

    @Test("Variables set values of every shape")
    func values() throws {
        let (loaded, problems) = try load(
            nil,
            [
                "WARNBELL_LISTEN_PORT": "9000", "WARNBELL_LISTEN_TRUSTED_PROXIES": "192.0.2.1, 2001:db8::/64",
                "WARNBELL_MISP_URL": "https://misp.example.org/", "WARNBELL_MISP_KEY": "hunter2",
                "WARNBELL_FEED_INCLUDE_TESTS": "true", "WARNBELL_BATCH_QUIET": "500ms",
                "WARNBELL_DATA_DIRECTORY": "", "PATH": "/bin",
            ])
        #expect(problems == [])
        let configuration = try #require(loaded).configuration
        #expect(configuration.listen.port == 9000)
        #expect(configuration.listen.trustedProxies.entries == ["192.0.2.1", "2001:db8::/64"])
        #expect(configuration.misp.url == "https://misp.example.org")
        #expect(configuration.misp.key?.text == "hunter2")
        #expect(configuration.feed.includeTests)
        #expect(configuration.batch.quiet == .milliseconds(500))
        // A variable without a value is not set.
        #expect(configuration.data.directory == "./warnbell-data")
    }

    @Test(
        "A variable that was meant for a key is an error, without its value",
        arguments: [
            (
                "WARNBELL_LISTEN_PROT",
                "environment variable WARNBELL_LISTEN_PROT: it sets no key (did you mean WARNBELL_LISTEN_PORT?)"
            ),
            ("WARNBELL_MISP_PASSWORD", "environment variable WARNBELL_MISP_PASSWORD: it sets no key"),
            (
                "WARNBELL_NETWORK_NEVER",
                "environment variable WARNBELL_NETWORK_NEVER: it sets no key (did you mean WARNBELL_NETWORKS_NEVER?)"
            ),
        ])
    func unknown(name: String, problem: String) throws {
        #expect(try load(nil, [name: "hunter2"]).problems == [problem])
    }

    @Test(
        "Other variables with our prefix are told and do no harm",
        arguments: ["WARNBELL_PORT", "WARNBELL_SERVICE_HOST"])
    func foreign(name: String) throws {
        let (loaded, problems) = try load(nil, [name: "tcp://192.0.2.1:8787"])
        #expect(problems == [])
        #expect(try #require(loaded).warnings.map { "\($0)" } == ["environment variable \(name): it sets no key"])
    }

    @Test("A wrong value names its variable")
    func wrong() throws {
        #expect(
            try load(nil, ["WARNBELL_LISTEN_PORT": "http"]).problems == [
                "environment variable WARNBELL_LISTEN_PORT: listen.port: expected a whole number from 0 to 65535, got \"http\""
            ])
    }

    @Test("The names of the script that Warnbell replaces are honoured")
    func legacy() throws {
        let (loaded, problems) = try load(
            nil,
            [
                "MISP_URL": "https://misp.example.org", "MISP_KEY": "hunter2", "ES_HOST": "https://es.example.org:9243",
                "ES_USER": "warnbell", "ES_PASS": "hunter3",
            ])
        #expect(problems == [])
        let configuration = try #require(loaded).configuration
        #expect(configuration.misp.url == "https://misp.example.org")
        #expect(configuration.misp.key?.text == "hunter2")
        #expect(configuration.netflow.elasticsearch.url == "https://es.example.org:9243")
        #expect(configuration.netflow.elasticsearch.user == "warnbell")
        #expect(configuration.netflow.elasticsearch.password?.text == "hunter3")
        #expect(try #require(loaded).origins["misp.url"] == .environment("MISP_URL"))
    }

    @Test(
        "ES_HOST may be a host alone",
        arguments: [
            ("es.example.org", "https://es.example.org:9200"), ("es.example.org:9243", "https://es.example.org:9243"),
            ("http://localhost:9200", "http://localhost:9200"),
        ])
    func bareHost(value: String, url: String) throws {
        #expect(try load(nil, ["ES_HOST": value]).loaded?.configuration.netflow.elasticsearch.url == url)
    }
}
