import Foundation
import HTTPServer
import JSON
import TestKit
import Testing
import Wazuh

@testable import Warnbell

/// The OpenAPI description says what the code does, neither less nor more.
@Suite(.timeLimit(.minutes(2)))
struct APIDescriptionTests {
    /// Every kind of route, and a place where it is described: a new one does not compile until it has one.
    private static func describedPaths(of route: Route) -> [String] {
        switch route {
        case .alerts: ["/webhooks/wazuh"]
        case .health(.live): ["/livez"]
        case .health(.ready): ["/readyz", "/healthz"]
        case .metrics: ["/metrics"]
        case .feed: ["/feed/{file}"]
        case .description: ["/openapi.yaml"]
        case .unknown: []
        }
    }

    private static let routes: [Route] =
        [.alerts, .health(.live), .health(.ready), .metrics, .description]
        + ["manifest.json"].compactMap(FeedFile.init).map(Route.feed)

    /// What the code answers at a route, from the route's own business on.
    private static func answers(at route: Route) -> [Response] {
        switch route {
        case .alerts:
            let rejected = [DecodedBody.Rejection(index: 0, reason: .notAnAlert(.unknownObject))]
            let broken = JSONError(offset: 0, expected: .value, found: nil)
            return [
                Answers.accepted(1, duplicates: 0, rejected: []),
                Answers.accepted(1, duplicates: 1, rejected: rejected),
                Answers.allRejected(rejected), Answers.undecodable(.malformed(broken)),
                Answers.undecodable(.notAnAlert(.slackMessage)), Answers.undecodable(.tooManyAlerts(limit: 1)),
                Answers.notJSON, Answers.turnedAway(.full, retryAfter: 1),
                Answers.turnedAway(.tooLarge, retryAfter: 1), Answers.turnedAway(.failed(""), retryAfter: 1),
            ]
        case .health(let probe):
            return [
                Response(.ok, contentType: Health.contentType),
                Response(probe == .ready ? .serviceUnavailable : .ok, contentType: Health.contentType),
            ]
        case .metrics: return [Response(.ok, contentType: PrometheusText.contentType)]
        case .feed:
            let files = ["manifest.json", "hashes.csv"].compactMap(FeedFile.init)
            return files.map { Response(.ok, contentType: $0.contentType) } + [Answers.noFeedFile]
        case .description: return [Answers.description]
        case .unknown: return [Answers.notFound]
        }
    }

    /// What the code answers at any route, before it looks at what the route is for.
    private static let anywhere =
        Rejection.allCases.map { Response.problem($0.status, detail: $0.detail) } + [Answers.methodNotAllowed("GET")]

    /// What the code answers at a route that is not open to everybody.
    private static let guarded = AccessRefusal.allCases.map(\.response)

    @Test("Each route is described with its method, and nothing else is")
    func paths() throws {
        let paths = try APIDescription().paths
        #expect(Set(paths.keys) == Set(Self.routes.flatMap(Self.describedPaths)))
        for route in Self.routes {
            // That HEAD is where GET is, and OPTIONS everywhere, is said in words.
            let methods = try #require(route.allowedMethods).split(separator: ", ").map { $0.lowercased() }
            let described = methods.filter { $0 != "head" && $0 != "options" }
            for path in Self.describedPaths(of: route) { #expect(paths[path].map { Array($0.keys) } == described) }
        }
    }

    @Test("Each route is described with the statuses and media types of its answers, and with no others")
    func answers() throws {
        let description = try APIDescription()
        for route in Self.routes {
            var expected: [Int: Set<String>] = [:]
            let here = Self.anywhere + Self.answers(at: route) + (route.scope == nil ? [] : Self.guarded)
            for answer in here {
                let type = try #require("\(answer.contentType ?? "")".split(separator: ";").first)
                expected[answer.status.rawValue, default: []].insert(String(type))
            }
            for path in Self.describedPaths(of: route) {
                #expect(try description.answers(of: path) == expected, "\(path)")
            }
        }
    }

    @Test("It is served as it stands in the repository")
    func served() throws {
        let receiver = try RunningReceiver()
        let answer = try receiver.request("GET", "/openapi.yaml")
        #expect(answer.status == 200)
        #expect(answer.head.contains("\r\nContent-Type: application/yaml\r\n"))
        #expect(answer.text == APIDescription.text)
        let head = try receiver.request("HEAD", "/openapi.yaml")
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        #expect(head.head.contains("\r\nContent-Length: \(answer.body.count)\r\n"))
        #expect(try APIDescription().version == Version.current)
    }

    @Test("Whoever has a credential may read it, whatever that is good for")
    func access() throws {
        let token = "0123456789abcdef0123456789abcdef"
        let receiver = try RunningReceiver(["auth.tokens: ['manager:alerts:\(token)']"])
        #expect(try receiver.request("GET", "/openapi.yaml").status == 401)
        let known = try receiver.request("GET", "/openapi.yaml", fields: ["Authorization: Bearer \(token)"])
        #expect(known.status == 200)
    }
}
