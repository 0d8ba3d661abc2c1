import CLinux
import FoundationEssentials
import Glibc

/// Whoever started the process and asked to be told how the service does: systemd, by the datagram socket that
/// `NOTIFY_SOCKET` names (sd_notify(3)). Where nobody asked, nothing is told.
struct ServiceManager: Sendable {
    /// What it is told, with a line for people.
    enum News: Equatable {
        /// The service serves, or has read its configuration again.
        case ready(status: String)
        /// It reads its configuration again.
        case reloading
        case stopping(status: String)
        /// All its parts still answer.
        case alive(status: String)
    }

    private let socket: String?

    /// How often it is to be told that the service is alive, half the time after which it would end the process; nil
    /// where it does not care.
    let heartbeat: Duration?

    init(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
        socket = environment["NOTIFY_SOCKET"].flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
        let isOurs = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) }
        heartbeat = microseconds.flatMap { isOurs && $0 > 0 ? .microseconds($0) / 2 : nil }
    }

    /// Tells it, and returns once that is in its socket.
    func tell(_ news: News) {
        guard let socket else { return }
        // One that takes nothing is not there any more, or will ask for the process's end itself.
        _ = unsafe clinux_send_datagram(socket, news.text)
    }
}

extension ServiceManager.News {
    /// As it is sent: an assignment a line.
    var text: String {
        switch self {
        case .ready(let status): "READY=1\nSTATUS=\(status)"
        // Without the time, systemd could not tell this from an answer to an earlier request.
        case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(clinux_monotonic_microseconds())"
        case .stopping(let status): "STOPPING=1\nSTATUS=\(status)"
        case .alive(let status): "WATCHDOG=1\nSTATUS=\(status)"
        }
    }
}
