import Isolation
import Testing

@testable import HTTPClient

struct MultiHandleTests {
    @Test("A transfer that libcurl does not take is told with the reason")
    func refused() async throws {
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Ticket.Outcome, Never>) in
            let ticket = Ticket(
                .init(method: "GET", url: "http://127.0.0.1:1/"), .init(), continuation, isCancelled: Flag())
            guard let transfer = try? Transfer(ticket) else { return ticket.finish(.failure(.closed)) }
            let multi = MultiHandle()
            let first = multi.add(transfer)
            let second = multi.add(transfer)
            multi.remove(transfer)
            ticket.finish(.failure(.failed(origin: first ?? "taken", reason: second ?? "taken")))
        }
        #expect(
            throws: HTTPClientError.failed(
                origin: "taken", reason: "The easy handle is already added to a multi handle")
        ) {
            try result.get()
        }
    }
}
