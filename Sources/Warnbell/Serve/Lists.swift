import Dispatch
import Logging
import MISP
import Pipeline

/// The warninglists that a configuration asks for.
struct Lists: Sendable {
    /// The files; nil where MISP's own lists are all there is.
    let directory: WarninglistDirectory?

    /// What is asked before anything is shared.
    let check: ListCheck

    /// Reads the directory.
    /// - Throws: ``WarninglistFaults``
    init(_ configuration: Configuration) throws {
        let directory = try configuration.lists.directory.map { try WarninglistDirectory($0) }
        let server = Sinks.mispClient(for: configuration.misp).map { WarninglistServer(client: $0) }
        let sources: [(any AddressLists)?] = [directory, server]
        self.directory = directory
        check = ListCheck(sources.compactMap(\.self), policy: ListPolicy(configuration.lists))
    }

    /// Reads the files again; where something is wrong with them, those that were read before stay.
    func reload(_ logger: Logger) async {
        guard let directory else { return }
        let faults: [String] = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                do throws(WarninglistFaults) {
                    try directory.reload()
                    continuation.resume(returning: [])
                } catch {
                    continuation.resume(returning: error.faults)
                }
            }
        }
        for fault in faults {
            logger.error("warninglists not taken up", metadata: .facts([.key: "lists.directory", .reason: "\(fault)"]))
        }
        if faults.isEmpty {
            logger.notice("warninglists read", metadata: .facts([.reason: "\(directory.summary)"]))
        }
    }
}

extension ListPolicy {
    init(_ lists: Configuration.Lists) {
        self.init(hold: lists.hold, note: lists.note, ignore: lists.ignore)
    }
}
