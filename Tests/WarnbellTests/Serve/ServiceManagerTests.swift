import Foundation
import TestKit
import Testing

@testable import Warnbell

/// What systemd is told, over a real socket.
@Suite(.timeLimit(.minutes(2)))
struct ServiceManagerTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func socket(isAbstract: Bool = false) throws -> DatagramSocket {
        try DatagramSocket(isAbstract ? "@warnbell-\(UUID())" : "\(folder.path)/notify")
    }

    private var monotonicMicroseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    }

    @Test(
        "It hears when the program listens, lives, reads its configuration again and stops", arguments: [false, true])
    func running(isAbstract: Bool) throws {
        let socket = try socket(isAbstract: isAbstract)
        let receiver = try RunningReceiver(
            environment: ["NOTIFY_SOCKET": socket.name, "WATCHDOG_USEC": "200000"])
        /// The next message that is no heartbeat.
        func news() -> [String] {
            while let text = socket.receive() {
                let lines = text.split(separator: "\n").map(String.init)
                if lines.first != "WATCHDOG=1" { return lines }
            }
            return []
        }
        let ready = ["READY=1", "STATUS=Listening at \(receiver.url): 0 alerts to deliver"]
        #expect(news() == ready)
        for _ in 0..<2 { #expect(socket.receive() == "WATCHDOG=1\n\(ready[1])") }

        let before = monotonicMicroseconds
        receiver.reload()
        let reloading = news()
        #expect(reloading.first == "RELOADING=1")
        let moment = try #require(reloading.last?.split(separator: "=").last.flatMap { Int($0) })
        #expect(before...monotonicMicroseconds ~= moment && reloading.last == "MONOTONIC_USEC=\(moment)")
        #expect(news() == ready)

        #expect(receiver.stop() == 0)
        #expect(news() == ["STOPPING=1", "STATUS=Stopping: 0 alerts left"])
    }

    @Test("The heart beats only when every part has answered")
    func standstill() async throws {
        let socket = try socket()
        let (asked, ask) = AsyncStream<Void>.makeStream()
        let (gate, opening) = AsyncStream<Void>.makeStream()
        let heartbeat = Heartbeat(
            manager: ServiceManager(["NOTIFY_SOCKET": socket.name]),
            parts: [
                {},
                {
                    ask.finish()
                    for await _ in gate {}
                },
            ], status: { "fine" })
        let beat = Task { await heartbeat.beat() }
        for await _ in asked {}
        #expect(socket.receive(within: 0) == nil)
        opening.finish()
        await beat.value
        #expect(socket.receive() == "WATCHDOG=1\nSTATUS=fine")
    }

    @Test("The heart beats twice in the time that the manager allows, if it asked this process")
    func interval() {
        let cases: [([String: String], Duration?)] = [
            ([:], nil), (["WATCHDOG_USEC": "60000000"], .seconds(30)), (["WATCHDOG_USEC": "0"], nil),
            (["WATCHDOG_USEC": "soon"], nil), (["WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"], nil),
            (["WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "\(getpid())"], .seconds(30)),
        ]
        for (environment, heartbeat) in cases { #expect(ServiceManager(environment).heartbeat == heartbeat) }
    }

    @Test("A manager that has gone, or that none is, disturbs nobody", arguments: ["/nowhere/notify", "vsock:2:1", ""])
    func gone(socket: String) {
        ServiceManager(["NOTIFY_SOCKET": socket]).tell(.stopping(status: "fine"))
    }
}
