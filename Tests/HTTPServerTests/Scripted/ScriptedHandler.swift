@testable import HTTPServer

/// Answers at once but for paths that say otherwise: `/late` waits for ``complete(_:)``, `/file` is answered with
/// ``file``, `/refused` from the head alone. The body of an answer is the number of the request.
final class ScriptedHandler: RequestHandler {
    /// How many requests the handler was given.
    private(set) var count = 0
    private(set) var rejections: [Rejection] = []
    /// The responders of `/late`, with the numbers of their requests.
    private(set) var waiting: [(number: Int, responder: Responder)] = []
    var file: OpenFile?
    var bodyLimit = 1_048_576

    func head(_ head: borrowing RequestHead, peer: Peer) -> HeadDecision {
        guard head.path.hasPrefix("/refused") else { return .read(bodyLimit: bodyLimit) }
        count += 1
        return .reply(answer(count))
    }

    func body(_ head: borrowing RequestHead, _ body: Span<UInt8>, peer: Peer, _ responder: Responder) {
        count += 1
        if head.path.hasPrefix("/late") {
            waiting.append((count, responder))
        } else if let file, head.path.hasPrefix("/file") {
            responder.complete(Response(.ok, body: .file(file, length: file.size)))
        } else {
            responder.complete(answer(count))
        }
    }

    func rejected(_ rejection: Rejection, peer: Peer) { rejections.append(rejection) }

    /// Completes one of the requests that wait, which stays there: it can be completed again.
    func complete(_ index: Int) {
        waiting[index].responder.complete(answer(waiting[index].number))
    }

    private func answer(_ number: Int) -> Response {
        Response(.ok, body: .bytes(Array("\(number)".utf8)))
    }
}
