import Glibc
import TestKit
import Testing

/// The end of a drill: the faults stop, the receiver works until nothing is left to do, and the books are compared.
struct DrillEnd {
    let verdict: DrillVerdict
    let book: DrillBook
    private let surprises: [String]
    private let log: [String]

    /// - Parameters:
    ///   - running: the receiver, if one is running yet; it is stopped in the end.
    ///   - sightings: how many an attribute may have.
    init(
        _ installation: Installation, _ misp: MISPStandIn, _ client: DrillClient, running: RunningReceiver? = nil,
        sightings: Int = 1
    ) throws {
        let receiver = try running ?? RunningReceiver(installation)
        let (book, surprises) = client.finish()
        misp.change { $0.chaos = nil }
        verdict = Self.settled(misp) { DrillVerdict(book, $0, sightings: sightings) }
        self.book = book
        self.surprises = surprises
        #expect(receiver.stop() == 0)
        log = installation.log
    }

    func expectClean(_ circumstances: String) {
        print("\(circumstances): \(verdict.text)")
        #expect(surprises.isEmpty, "\(surprises.prefix(5))")
        let isClean = verdict.isClean
        #expect(isClean, "\(circumstances): \(verdict.text)\n\(log.suffix(20).joined(separator: "\n"))")
    }

    /// The verdict once MISP's books are whole and nobody has asked for anything for two seconds; as it is when nobody has
    /// asked for longer than an attempt that failed waits, or after ten minutes.
    private static func settled(
        _ misp: MISPStandIn, _ verdict: (MISPStandIn.State) -> DrillVerdict
    ) -> DrillVerdict {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(600)
        var (requests, since) = (misp.state.requests.count, clock.now)
        while true {
            poll(nil, 0, 250)
            let now = misp.state
            if now.requests.count != requests { (requests, since) = (now.requests.count, clock.now) }
            guard clock.now < end, clock.now - since < .seconds(150) else { return verdict(now) }
            if clock.now - since > .seconds(2), case let verdict = verdict(now), verdict.isClean {
                return verdict
            }
        }
    }
}
