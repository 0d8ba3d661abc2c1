import Pipeline
import TestKit
import Testing

@testable import MISP

/// 403 and its relatives: what the body says decides, whichever call it answers.
struct RefusalTests {
    /// A body of MISP's, and what becomes of the delivery.
    private static let rows: [(status: Int, body: String, kind: String)] = [
        (403, #"{"name":"Authentication failed. Please make sure you pass the API key of an API user"}"#, "pause"),
        (403, #"{"name":"Authentication failed. Your user account has been disabled."}"#, "pause"),
        (403, #"{"name":"It is not possible to use this Auth key from your IP address"}"#, "pause"),
        (403, #"{"name":"You do not have permission to use this functionality."}"#, "pause"),
        (403, #"{"name":"You do not have permission to do that."}"#, "pause"),
        (403, #"{"name":"Event blocked by event blocklist."}"#, "refused"),
        (403, #"{"name":"Event blocked by organisation blocklist."}"#, "refused"),
        (403, #"{"saved":false,"name":"Could not add Event","errors":[]}"#, "refused"),
        (403, #"{"saved":false,"name":"x","errors":{"Event":{"info":["Info cannot be empty."]}}}"#, "refused"),
        (
            403,
            #"{"saved":false,"name":"x","errors":"Event could not be saved: Event in the request not newer than the local copy."}"#,
            "retry"
        ),
        (429, #"{"name":"Rate limit exceeded."}"#, "retry"),
        (403, "<html>Forbidden</html>", "retry"),
        (403, "", "retry"),
    ]

    @Test("A refusal is what its body says", arguments: rows, [false, true])
    func refusal(row: (status: Int, body: String, kind: String), isUpdate: Bool) async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        var event = SentEvent()
        if isUpdate {
            _ = try await bench.deliver(event)
            event.isUpdate = true
        }
        bench.forget()
        bench.misp.fail(next: .reply(.json(row.body, status: row.status)))
        let receipt = try await bench.deliver(event)
        #expect(receipt.kind == row.kind, "\(receipt.reason)")
        #expect(bench.requests == [isUpdate ? "edit" : "add"], "nothing else is tried")
        #expect(!receipt.reason.isEmpty)
    }
}
