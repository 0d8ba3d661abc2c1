import FoundationEssentials
import Pipeline
import Testing
import Timestamps

struct PublicationTests {
    private let start = Timestamp(seconds: 1_000_000)

    @Test(
        "An event is published once it was quiet for a minute, and ten minutes after its first change at the latest",
        arguments: [
            (since: 0, changed: 0, now: 0, wait: 60), (0, 0, 59, 1), (0, 0, 60, 0), (0, 0, 9999, 0),
            (0, 30, 59, 31), (0, 590, 595, 5), (0, 600, 600, 0),
            // The clock was set back since the change, or between the first change and the last.
            (0, 0, -1, 0), (0, 0, -3600, 0), (3600, 10, 20, 50),
        ])
    func wait(since: Int, changed: Int, now: Int, wait: Int) {
        let event = Unpublished(event: UUID(), since: start + .seconds(since), changed: start + .seconds(changed))
        #expect(Publication().wait(event, at: start + .seconds(now)) == .seconds(wait))
    }
}
