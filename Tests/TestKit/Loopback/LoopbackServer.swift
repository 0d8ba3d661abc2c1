import Dispatch
import Foundation
import Isolation

/// An HTTP/1.1 server on the loopback interface and a free port, for tests that need a peer.
///
/// It has nothing in common with the server under test: blocking sockets, a thread for each connection. It serves
/// until it is stopped, also when nobody holds it any more.
package final class LoopbackServer: Sendable {
    package typealias Handler = @Sendable (Request) -> Reply

    /// The port it listens on.
    package let port: UInt16

    private let listener: Int32
    private let connections = OpenSockets()
    private let threads = DispatchGroup()

    /// Listens, on any free port where none is given, and serves. The handler is called on the connection's thread,
    /// for one request of it at a time.
    package init(port: UInt16 = 0, handler: @escaping Handler) throws {
        (listener, self.port) = try Socket.listen(port: port)
        start { [self] in accept(handler) }
    }

    /// `http://127.0.0.1:PORT`
    package var url: String { "http://127.0.0.1:\(port)" }

    /// How many connections were accepted so far.
    package var accepted: Int { connections.accepted }

    /// Ends every connection and frees the port. A handler that is running is waited for.
    package func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        connections.shutDown()
        threads.wait()
    }

    private func accept(_ handler: @escaping Handler) {
        while true {
            let socket = Glibc.accept(listener, nil, nil)
            if socket < 0 && (errno == EINTR || errno == ECONNABORTED) { continue }
            guard socket >= 0 else { break }
            guard let number = connections.open(socket) else {
                close(socket)
                break
            }
            start { [self] in
                LoopbackConnection(socket, number: number).serve(handler)
                connections.close(socket)
            }
        }
        close(listener)
    }

    private func start(_ body: @escaping @Sendable () -> Void) {
        threads.enter()
        Thread.detachNewThread { [threads] in
            body()
            threads.leave()
        }
    }
}

/// The descriptors of living connections. A descriptor is shut down and closed under the lock, so that a number that
/// the system has given away again is never touched.
private final class OpenSockets: Sendable {
    private let state = Locked((open: Set<Int32>(), accepted: 0, isStopped: false))

    var accepted: Int { state.withLock { $0.accepted } }

    /// The connection's number, counted from 0; nil once the server is stopped.
    func open(_ socket: Int32) -> Int? {
        state.withLock {
            guard !$0.isStopped else { return nil }
            $0.open.insert(socket)
            $0.accepted += 1
            return $0.accepted - 1
        }
    }

    func close(_ socket: Int32) {
        state.withLock {
            $0.open.remove(socket)
            // A child started meanwhile may hold a copy of the descriptor: the client is to see the end all the same.
            shutdown(socket, Int32(SHUT_RDWR))
            _ = Glibc.close(socket)
        }
    }

    func shutDown() {
        state.withLock {
            $0.isStopped = true
            for socket in $0.open { shutdown(socket, Int32(SHUT_RDWR)) }
        }
    }
}
