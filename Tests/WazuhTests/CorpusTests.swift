import Foundation
import IPAddresses
import Testing
import Wazuh

@Suite("Published samples", .enabled(if: Corpus.isThere, "set WARNBELL_SHARED to the folder of shared samples"))
struct CorpusTests {
    @Test("every alert says what its row says, however it is wrapped", arguments: Shape.allCases)
    func alerts(shape: Shape) throws {
        var decoder = AlertDecoder()
        let lines = try Corpus.lines("shared.ndjson")
        let rows = try Corpus.rows("shared.tsv")
        #expect(rows.count == lines.count)
        for (line, row) in zip(lines, rows) {
            let decoded = try decoder.decode(shape.body(line))
            #expect(decoded.rejected.isEmpty)
            try #require(decoded.alerts.count == 1)
            let alert = decoded.alerts[0]
            let comment = Comment(rawValue: "line \(row["line"] ?? "")")
            #expect(alert.bytes == Array(line.utf8), comment)
            #expect(alert.format == .alert, comment)
            #expect(alert.attacker?.address == row["attacker_ip"].flatMap { IPAddress($0) }, comment)
            #expect(alert.attacker?.field ?? "" == row["ip_field"], comment)
            #expect(try alert.requests.map(\.text) == urls(row["urls"]), comment)
            #expect(alert.techniques.joined(separator: ",") == row["mitre_ids"], comment)
            #expect(alert.ruleID == row["rule_id"], comment)
            #expect(String(alert.level) == row["level"], comment)
            #expect(alert.isEnrichment == (row["note"] == "enrichment"), comment)
        }
    }

    @Test("an alert is the same in every wrapping, unless only the hit around it tells it apart")
    func identities() throws {
        var decoder = AlertDecoder()
        var identities: Set<AlertIdentity> = []
        let lines = try Corpus.lines("shared.ndjson")
        for line in lines {
            let identity = try #require(try decoder.decode(line).alerts.first).identity
            identities.insert(identity)
            let hasIdentity = line.contains(#""id":""#) && line.contains(#""timestamp":"20"#)
            for shape in Shape.allCases where hasIdentity || !shape.isHit {
                let alert = try #require(try decoder.decode(shape.body(line)).alerts.first)
                if alert.values(at: "id").isEmpty || alert.values(at: "timestamp").isEmpty, shape.isHit { continue }
                #expect(alert.identity == identity)
            }
        }
        // Two of the samples are one alert that was published twice.
        #expect(identities.count == lines.count - 1)
    }

    @Test("all of them in one body come out in order")
    func batches() throws {
        var decoder = AlertDecoder()
        let lines = try Corpus.lines("shared.ndjson")
        let single = try lines.map { try #require(try decoder.decode($0).alerts.first).identity }
        #expect(try decoder.decode(lines.joined(separator: "\n")).alerts.map(\.identity) == single)
        #expect(try decoder.decode("[" + lines.joined(separator: ",") + "]").alerts.map(\.identity) == single)
    }

    @Test("every body of Wazuh's Shuffle integration gives the alert inside")
    func shuffleBodies() throws {
        var decoder = AlertDecoder()
        let rows = try Corpus.rows("shuffle-shared.tsv")
        let alerts = try Corpus.lines("shared.ndjson")
        for (line, row) in zip(try Corpus.lines("shuffle-shared.ndjson"), rows) {
            let decoded = try decoder.decode(line)
            let alert = try #require(decoded.alerts.first)
            let options = row["options"] ?? ""
            #expect(decoded.token == (options.contains("warnbell_token") ? "0123456789abcdef" : nil))
            #expect(!String(decoding: alert.bytes, as: UTF8.self).contains("0123456789abcdef"))
            #expect(alert.attacker?.address == row["attacker_ip"].flatMap { IPAddress($0) })
            #expect(alert.ruleID == row["rule_id"])
            let original = alerts[try #require(row["alert_line"].flatMap { Int($0) }) - 1]
            #expect(try alert.identity == decoder.decode(original).alerts.first?.identity)
        }
    }

    @Test("every finding of Wazuh 5 says what its row says", arguments: Shape.allCases)
    func findings(shape: Shape) throws {
        var decoder = AlertDecoder()
        let levels = ["informational": 3, "low": 5, "medium": 8, "high": 12, "critical": 15]
        let rows = try Corpus.rows("findings5-shared.tsv")
        for (line, row) in zip(try Corpus.lines("findings5-shared.ndjson"), rows) {
            let alert = try #require(try decoder.decode(shape.body(line)).alerts.first)
            let comment = Comment(rawValue: "line \(row["line"] ?? "")")
            #expect(alert.format == .finding, comment)
            #expect(alert.attacker?.address == row["source_ip"].flatMap { IPAddress($0) }, comment)
            #expect(alert.level == levels[row["level"] ?? ""], comment)
            let subtechniques = alert.values(at: "wazuh.rule.mitre.subtechnique.id")
            let techniques = (row["technique_ids"] ?? "").split(separator: ",").map(String.init)
            #expect(alert.techniques == techniques + subtechniques.filter { !techniques.contains($0) }, comment)
            #expect(alert.timestamp != nil, comment)
            #expect(!alert.ruleDescription.isEmpty && !alert.agentName.isEmpty, comment)
        }
    }

    @Test("a Slack message is told apart from an alert")
    func slackMessages() throws {
        var decoder = AlertDecoder()
        let lines = try Corpus.lines("slack-shared.ndjson")
        #expect(!lines.isEmpty)
        for line in lines {
            let error = try #require(throws: DecodeError.self) { try decoder.decode(line) }
            #expect(error == .notAnAlert(.slackMessage))
        }
        let decoded = try decoder.decode(lines.joined(separator: "\n"))
        #expect(decoded.alerts.isEmpty && decoded.rejected.count == lines.count)
    }

    @Test("requests as Wazuh's scripts send them hold an alert", arguments: ["shuffle-200", "shuffle-options"])
    func requests(name: String) throws {
        let folder = try #require(Corpus.folder)
        let request = try String(contentsOfFile: "\(folder)/http/\(name).http", encoding: .utf8)
        let body = try #require(request.components(separatedBy: "\r\n\r\n").last)
        var decoder = AlertDecoder()
        #expect(try decoder.decode(body).alerts.first?.ruleID == "31168")
    }

    @Test("whatever is cut off is no alert and no crash")
    func prefixes() throws {
        var decoder = AlertDecoder()
        for line in try Corpus.lines("shared.ndjson").prefix(12) {
            let bytes = Array(line.utf8)
            for length in stride(from: 0, to: bytes.count, by: 7) {
                #expect(throws: DecodeError.self) { try decoder.decode(bytes.span.extracting(first: length)) }
            }
        }
    }

    private func urls(_ cell: String?) throws -> [String] {
        guard let cell, !cell.isEmpty else { return [] }
        return try JSONDecoder().decode([String].self, from: Data(cell.utf8))
    }
}
