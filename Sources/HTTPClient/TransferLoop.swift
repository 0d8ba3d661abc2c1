import Dispatch
import Isolation

/// The thread that moves all transfers of a client.
///
/// Tickets come in through a locked list, and a wake-up makes the loop look at it; everything else of libcurl is
/// touched by this thread alone.
final class TransferLoop: Sendable {
    private let multi = MultiHandle()
    private let inbox = Locked(Inbox())

    private struct Inbox: Sendable {
        var waiting: [Ticket] = []
        var isClosed = false
    }

    init(connectionsPerHost: Int) {
        multi.limit(connectionsPerHost: connectionsPerHost)
        // A serial queue of its own gives the loop a thread of its own; none of Swift's pool is blocked.
        DispatchQueue(label: "warnbell.http-client").async { [self] in run() }
    }

    func start(_ ticket: Ticket) {
        let isTaken = inbox.withLock {
            if !$0.isClosed { $0.waiting.append(ticket) }
            return !$0.isClosed
        }
        if isTaken { wake() } else { ticket.finish(.failure(.closed)) }
    }

    /// Makes the loop look at what has come in and what was cancelled.
    func wake() {
        multi.wake()
    }

    func close() {
        inbox.withLock { $0.isClosed = true }
        wake()
    }

    private func run() {
        var transfers: [Transfer.ID: Transfer] = [:]
        while true {
            let news = inbox.withLock { inbox in
                defer { inbox.waiting = [] }
                return inbox
            }
            for ticket in news.waiting { start(ticket, in: &transfers) }
            for (id, transfer) in transfers where news.isClosed || transfer.isCancelled {
                multi.remove(transfer)
                transfers[id] = nil
                transfer.fail(news.isClosed ? .closed : .cancelled)
            }
            if news.isClosed { return }
            multi.perform { id, code in
                guard let transfer = transfers.removeValue(forKey: id) else { return }
                multi.remove(transfer)
                transfer.finish(code)
            }
            multi.wait()
        }
    }

    private func start(_ ticket: Ticket, in transfers: inout [Transfer.ID: Transfer]) {
        do throws(HTTPClientError) {
            let transfer = try Transfer(ticket)
            if let reason = multi.add(transfer) {
                throw .failed(origin: transfer.origin.text, reason: reason)
            }
            transfers[transfer.id] = transfer
        } catch {
            ticket.finish(.failure(error))
        }
    }
}
