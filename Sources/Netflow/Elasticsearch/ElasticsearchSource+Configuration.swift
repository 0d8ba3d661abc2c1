import Timestamps

extension ElasticsearchSource {
    package struct Configuration: Sendable {
        /// `https://search.example.org:9200`, with a path where a proxy wants one.
        package var url: String

        package var authorization = ElasticsearchAuthorization.none

        /// A file with the authorities' certificates that are trusted in place of the system's.
        package var caFile: String?

        /// Names or patterns of the indices that hold flows.
        package var indices = ["elastiflow-*", "logs-netflow*", "netflow-*", "logstash-netflow-*", "filebeat-*"]

        /// From a request to the last byte of its answer, besides the time that its searches may take.
        package var requestTimeout = Duration.seconds(20)

        /// How long a shard may look for one address; what it has found by then is the answer.
        package var searchTimeout = Duration.seconds(10)

        /// Groups of records a page has. An address has at most ``maxPages`` of them from one kind of index.
        package var pageSize = 1000
        package var maxPages = 10

        /// Searches in one request; fewer once the cluster says that it is busy.
        package var searchesPerRequest = 16

        /// How many of them the cluster works on at a time.
        package var concurrentSearches = 4

        /// How often a search is sent that the cluster is too busy for.
        package var attempts = 3

        /// The longest wait between attempts, whatever the cluster asks for: somebody waits for the answer.
        package var maxPause = Duration.seconds(2)

        /// How long it is remembered which indices there are and what fields they have.
        package var mappingAge = Duration.seconds(60)

        /// Conversations of one address that are told apart.
        package var conversationLimit = FlowLimits.conversations

        /// Conversations of all addresses of a look-up that are told apart.
        package var roundLimit = FlowLimits.roundConversations

        var maps = FieldMap.all
        var now: @Sendable () -> Timestamp = Timestamp.now
        var pause: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

        package init(url: String) {
            self.url = url
        }

        /// How long a request with so many searches may take, when each of them takes all its time.
        func timeout(searches: Int) -> Duration {
            requestTimeout + searchTimeout * ((searches + concurrentSearches - 1) / concurrentSearches)
        }
    }
}
