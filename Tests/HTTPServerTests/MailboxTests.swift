import Synchronization
import Testing

@testable import HTTPServer

struct MailboxTests {
    private final class Calls: Sendable {
        let count = Atomic<Int>(0)
    }

    private let mailbox: Mailbox
    private let poller: Poller
    private let calls = Calls()

    init() throws {
        mailbox = try Mailbox()
        poller = try Poller(capacity: 4)
        let isWatched = poller.add(mailbox.bell, token: 7)
        try #require(isWatched)
        mailbox.onPost { [calls] in calls.count.wrappingAdd(1, ordering: .relaxed) }
    }

    private func post(_ request: UInt32) {
        let ticket = Ticket(slot: 0, generation: 0, request: request)
        mailbox.post(Completion(ticket: ticket, response: Response(.ok)))
    }

    private func collect() -> [UInt32] {
        var list: [Completion] = []
        mailbox.collect(into: &list)
        return list.map(\.ticket.request)
    }

    private var callCount: Int { calls.count.load(ordering: .relaxed) }

    @Test("A loop that is away is called once, however many answers there are")
    func away() {
        for request: UInt32 in 1...3 { post(request) }
        #expect(callCount == 1)
        #expect(poller.poll() == 0)
        #expect(collect() == [1, 2, 3])
    }

    @Test("A loop at work is not called, and may not leave before it has collected")
    func present() {
        mailbox.attend()
        post(1)
        #expect(callCount == 0 && poller.poll() == 0)
        #expect(!mailbox.leave(to: .away))
        #expect(!mailbox.leave(to: .listening))
        #expect(collect() == [1])
        #expect(mailbox.leave(to: .away))
        post(2)
        #expect(callCount == 1)
    }

    @Test("A loop that waits for its poller hears the bell, once")
    func listening() {
        mailbox.attend()
        #expect(mailbox.leave(to: .listening))
        post(1)
        post(2)
        #expect(callCount == 0)
        #expect(poller.poll(waiting: 1000) == 1)
        #expect(poller.event(0).token == 7)
        #expect(poller.poll() == 0, "nobody has to reset it")
        mailbox.attend()
        #expect(collect() == [1, 2])
        #expect(mailbox.leave(to: .listening))
        post(3)
        #expect(poller.poll(waiting: 1000) == 1)
    }
}
