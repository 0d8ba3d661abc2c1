import Isolation
import TestKit

@testable import Netflow

/// A cluster that says what a test wants, and remembers what it was asked.
final class ClusterStub: Sendable {
    typealias Request = LoopbackServer.Request
    typealias Reply = LoopbackServer.Reply

    private let server: LoopbackServer
    private let log: Log

    private final class Log: Sendable {
        let requests = Locked([Request]())
    }

    /// Answers `_field_caps` with one index of ECS flows unless `hasFlows` is false, and all the rest by `reply`.
    init(hasFlows: Bool = true, reply: @escaping @Sendable (Request) -> Reply) throws {
        let log = Log()
        self.log = log
        server = try LoopbackServer { request in
            log.requests.withLock { $0.append(request) }
            let isProbe = hasFlows && request.path.hasSuffix("/_field_caps")
            return isProbe ? .json(Self.capabilities) : reply(request)
        }
    }

    var url: String { server.url }

    func stop() { server.stop() }

    var requests: [Request] { log.requests.withLock { $0 } }

    /// What was asked besides `_field_caps`.
    var searches: [Request] { requests.filter { !$0.path.hasSuffix("/_field_caps") } }

    func source(
        _ change: (inout ElasticsearchSource.Configuration) -> Void = { _ in }
    ) -> ElasticsearchSource {
        var configuration = ElasticsearchSource.Configuration(url: server.url)
        configuration.indices = ["netflow-*"]
        configuration.pause = { _ in }
        change(&configuration)
        return ElasticsearchSource(configuration)
    }

    static let capabilities = """
        {"indices":["netflow-1"],"fields":{"source.ip":{"ip":{"aggregatable":true}},\
        "destination.ip":{"ip":{"aggregatable":true}},"@timestamp":{"date":{"aggregatable":true}},\
        "network.transport":{"keyword":{"aggregatable":true}},"source.packets":{"long":{"aggregatable":true}}}}
        """

    /// An answer to one search: a flow from the attacker to this port of the host.
    static func found(_ port: Int = 22) -> String {
        """
        {"timed_out":false,"_shards":{"total":1,"failed":0},"status":200,"aggregations":{"c":{"buckets":[\
        {"key":{"s":"\(attacker)","d":"\(host)","dp":\(port)},"doc_count":1,"f":{"value":1795161600000}}]}}}
        """
    }

    /// An answer to `_msearch`.
    static func multi(_ answers: String...) -> Reply {
        .json("{\"took\":1,\"responses\":[\(answers.joined(separator: ","))]}")
    }
}
