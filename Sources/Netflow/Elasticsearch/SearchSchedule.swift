import IPAddresses
import Pipeline
import Timestamps

/// A look-up of several addresses as a series of batches of searches: which to send next, when, and what came of all.
///
/// It sends nothing itself. Searches that the cluster is too busy or too slow for come again, in smaller batches; a
/// search with more pages comes again for the next one.
struct SearchSchedule {
    private let configuration: ElasticsearchSource.Configuration
    private var waiting: [Attempt]
    private var sent: [Attempt] = []
    private var answers: [Answer]
    private var batchSize: Int

    /// Batches in a row in which the cluster was too busy.
    private var busyBatches = 0

    /// How many more conversations are told apart.
    private var room: Int

    private struct Attempt {
        var search: FlowSearch
        /// Index in ``answers``.
        let answer: Int
        var failures = 0
    }

    private struct Answer {
        var conversations: Conversations
        var totals = FlowPage.Totals()
        var isCapped = false
        var hasPage = false
        var incomplete: [String] = []
        var errors: [ElasticsearchError] = []
    }

    /// - Parameter searches: those of each address, in the order of the answers.
    init(_ searches: [(address: IPAddress, searches: [FlowSearch])], _ configuration: ElasticsearchSource.Configuration)
    {
        self.configuration = configuration
        batchSize = configuration.searchesPerRequest
        room = configuration.roundLimit
        answers = searches.map {
            Answer(conversations: Conversations(of: $0.address, limit: configuration.conversationLimit))
        }
        waiting = searches.enumerated().flatMap { index, entry in
            entry.searches.map { Attempt(search: $0, answer: index) }
        }
    }

    /// What to ask now; empty when all is answered. The results then go to ``take(_:jitter:)``.
    mutating func nextBatch() -> [FlowSearch] {
        sent = Array(waiting.prefix(batchSize))
        waiting.removeFirst(sent.count)
        return sent.map(\.search)
    }

    /// Takes the results of the batch, and tells how long to wait before the next one.
    ///
    /// - Parameter jitter: a random number from 0 to 1 that spreads the attempts of many clients.
    mutating func take(_ results: [Result<FlowPage, ElasticsearchError>], jitter: Double) -> Duration {
        var retryAfter: Duration?
        var isBusy = false
        for (attempt, result) in zip(sent, results) {
            switch result {
            case .success(let page): take(page, attempt)
            case .failure(let error):
                isBusy = isBusy || error.isTransient
                if case .overloaded(_, _, let asked) = error { retryAfter = asked ?? retryAfter }
                take(error, attempt)
            }
        }
        let held = sent.count
        sent = []
        guard isBusy else {
            busyBatches = 0
            return .zero
        }
        batchSize = max(1, held / 2)
        busyBatches += 1
        // Nobody waits for nothing.
        guard !waiting.isEmpty else { return .zero }
        let wait = retryAfter ?? .milliseconds(250 << min(busyBatches - 1, 10)) * jitter
        return min(wait, configuration.maxPause)
    }

    private mutating func take(_ page: FlowPage, _ attempt: Attempt) {
        let index = attempt.answer
        for record in page.records { answers[index].conversations.add(record, room: &room) }
        answers[index].hasPage = true
        if let totals = page.totals { answers[index].totals.add(totals) }
        for reason in page.incomplete where !answers[index].incomplete.contains(reason) {
            answers[index].incomplete.append(reason)
        }
        guard let after = page.after else { return }
        var next = attempt
        next.search.after = after
        next.search.pages += 1
        next.failures = 0
        if next.search.pages < configuration.maxPages {
            waiting.append(next)
        } else {
            answers[index].isCapped = true
        }
    }

    private mutating func take(_ error: ElasticsearchError, _ attempt: Attempt) {
        var attempt = attempt
        attempt.failures += 1
        if error.isTransient, attempt.failures < error.attempts(of: configuration.attempts) {
            waiting.append(attempt)
            return
        }
        answers[attempt.answer].errors.append(error)
        if error.concernsAll {
            for other in waiting { answers[other.answer].errors.append(error) }
            waiting = []
        }
    }

    /// What was found of each address. Where a part of the searches failed, the answer says so.
    ///
    /// - Throws: the first error when nothing at all was answered.
    func findings() throws(ElasticsearchError) -> [FlowFindings] {
        if let error = answers.lazy.flatMap(\.errors).first, !answers.contains(where: \.hasPage) { throw error }
        return answers.map { answer in
            var incomplete = answer.incomplete
            for error in answer.errors where !incomplete.contains("\(error)") { incomplete.append("\(error)") }
            if answer.isCapped {
                let read = configuration.maxPages * configuration.pageSize
                let totals = incomplete.isEmpty ? ", the totals are exact" : ""
                incomplete.append("stopped after \(read) groups of records: peers are missing\(totals)")
            }
            var findings = answer.conversations.findings(incomplete: incomplete)
            if answer.isCapped {
                findings.flowRecords = answer.totals.records
                findings.sent = answer.totals.sent
                findings.received = answer.totals.received
                findings.first = answer.totals.first
                findings.last = answer.totals.last
            }
            return findings
        }
    }
}
