import Dispatch
import Foundation
import Glibc
import Isolation
import TestKit

/// A client with several connections, as many threads, and one book about all that it sends.
final class DrillClient: Sendable {
    private struct State {
        var book: DrillBook
        var isEnding = false
        /// Answers that no client should get.
        var surprises: [String] = []
    }

    private let state: Locked<State>
    private let port: UInt16
    private let threads = DispatchGroup()

    init(book: DrillBook, port: UInt16, connections: Int = 6) {
        state = Locked(State(book: book))
        self.port = port
        for index in 0..<connections {
            threads.enter()
            Thread.detachNewThread { [self] in
                post(Seeded(UInt64(index)))
                threads.leave()
            }
        }
    }

    /// Lets it send so many more new alerts.
    func allow(_ alerts: Int) {
        state.withLock { $0.book.allowance += alerts }
    }

    /// What is in its book so far.
    var book: DrillBook { state.withLock { $0.book } }

    /// Sends what is due to be sent, and ends; its book, and the answers that it did not expect.
    func finish() -> (book: DrillBook, surprises: [String]) {
        state.withLock { $0.isEnding = true }
        threads.wait()
        return state.withLock { ($0.book, $0.surprises) }
    }

    private enum Turn {
        case send([Int], body: [UInt8])
        case wait
        case end
    }

    private func nextTurn() -> Turn {
        state.withLock { state in
            guard let numbers = state.book.nextRequest() else { return state.isEnding ? .end : .wait }
            return .send(numbers, body: state.book.body(numbers))
        }
    }

    private func post(_ random: Seeded) {
        var random = random
        var connection: RawClient?
        while true {
            connection = connection ?? (try? RawClient(port: port))  // Nobody listens while the receiver is down.
            guard let open = connection else {
                poll(nil, 0, 5)
                continue
            }
            switch nextTurn() {
            case .end: return
            case .wait: poll(nil, 0, 2)
            case .send(let numbers, let body):
                let leaves = random.chance(percent: 2)
                if !exchange(open, numbers, body, leaves: leaves) { connection = nil }
            }
        }
    }

    /// Sends one request and books its answer; false when the connection is over.
    private func exchange(_ connection: RawClient, _ numbers: [Int], _ body: [UInt8], leaves: Bool) -> Bool {
        let head = "POST /webhooks/wazuh HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.count)\r\n\r\n"
        do {
            try connection.send(Array(head.utf8) + body)
            guard !leaves else { return leave(connection, numbers) }
            let answer = try connection.answer()
            state.withLock { state in
                switch answer.status {
                case 202: state.book.accepted(numbers)
                case 503 where answer.field("Content-Type") == "application/problem+json":
                    state.book.refused(numbers)
                default:
                    state.book.unanswered(numbers)
                    state.surprises.append("\(answer.status) \(answer.text)")
                }
            }
            return answer.field("Connection") != "close"
        } catch {
            return leave(connection, numbers)
        }
    }

    private func leave(_ connection: RawClient, _ numbers: [Int]) -> Bool {
        connection.disconnect()
        state.withLock { $0.book.unanswered(numbers) }
        return false
    }
}
