import IPAddresses
import Isolation

/// Counts the connections of all event loops, and admits no more than the limits allow.
final class ConnectionQuota: Sendable {
    enum Admission: Equatable {
        case admitted
        /// Open only to be told that it is one too many.
        case refused(Rejection)
        /// Too many to be told: to be closed at once.
        case dropped(Rejection)
    }

    private struct Counts {
        var open = 0
        var refused = 0
        var byAddress: [IPBlock: Int] = [:]
    }

    private let connections: Int
    private let connectionsPerAddress: Int
    private let refusedConnections: Int
    private let exempt: IPBlockSet
    private let allowed: Locked<IPBlockSet?>
    private let counts = Locked(Counts())

    /// Addresses in `exempt` may open as many connections as there are; others must be in `allowed` if it is there.
    init(_ limits: Limits, exempt: IPBlockSet, allowed: IPBlockSet? = nil) {
        connections = limits.connections
        connectionsPerAddress = limits.connectionsPerAddress
        refusedConnections = limits.refusedConnections
        self.exempt = exempt
        self.allowed = Locked(allowed)
    }

    /// From now on only these addresses may connect, all if it is nil; open connections stay.
    func allow(_ addresses: IPBlockSet?) {
        allowed.withLock { $0 = addresses }
    }

    /// Connections that are open and were admitted.
    var open: Int { counts.withLock { $0.open } }

    /// A connection was accepted; what becomes of it. Each but a dropped one is given back by ``leave(_:as:)``.
    func enter(_ address: IPAddress) -> Admission {
        let key = IPBlock(hostOf: address)
        let isExempt = exempt.contains(address)
        let isAllowed = isExempt || allowed.withLock { $0?.contains(address) ?? true }
        return counts.withLock { counts in
            let ofAddress = counts.byAddress[key, default: 0]
            let rejection: Rejection? =
                switch true {
                case !isAllowed: .addressNotAllowed
                case counts.open >= connections: .connections
                case !isExempt && ofAddress >= connectionsPerAddress: .connectionsPerAddress
                default: nil
                }
            if let rejection {
                guard counts.refused < refusedConnections else { return .dropped(rejection) }
                counts.refused += 1
                return .refused(rejection)
            }
            counts.open += 1
            counts.byAddress[key] = ofAddress + 1
            return .admitted
        }
    }

    /// The connection is closed.
    func leave(_ address: IPAddress, as admission: Admission) {
        let key = IPBlock(hostOf: address)
        counts.withLock { counts in
            switch admission {
            case .admitted:
                counts.open -= 1
                let left = counts.byAddress[key, default: 1] - 1
                counts.byAddress[key] = left > 0 ? left : nil
            case .refused:
                counts.refused -= 1
            case .dropped:
                break
            }
        }
    }
}
