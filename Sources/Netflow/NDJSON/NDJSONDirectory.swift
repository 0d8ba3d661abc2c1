import Dispatch
package import IPAddresses
import Isolation
package import Pipeline
package import Timestamps

/// Flow logs as files of JSON documents, one a line, in a directory: what Filebeat's file output, goflow2 or an
/// export by Elasticsearch's bulk API write, plain or gzip. No server is needed; every look-up reads the files.
package final class NDJSONDirectory: FlowSource {
    package let name = "ndjson"

    private let configuration: Configuration

    /// Reading blocks, so it never happens on a thread of the cooperative pool; look-ups wait for one another.
    private let queue = DispatchQueue(label: "warnbell.netflow.ndjson", qos: .utility)

    package struct Configuration: Sendable {
        package var directory: String

        /// How many bytes one look-up reads, counted after decompression. Older files are then left out.
        package var maxBytes = 1 << 30

        /// Conversations of one address that are told apart.
        package var conversationLimit = FlowLimits.conversations

        /// Conversations of all addresses of a look-up that are told apart.
        package var roundLimit = FlowLimits.roundConversations

        var maps = FieldMap.all

        /// The clock, to tell whether a window lies ahead of it.
        var now: @Sendable () -> Timestamp = Timestamp.now

        package init(directory: String) {
            self.directory = directory
        }
    }

    package init(_ configuration: Configuration) {
        self.configuration = configuration
    }

    /// A flow lies in the window when its record's own time does.
    ///
    /// - Throws: ``FlowDirectoryError``, or `CancellationError` when the task was cancelled.
    package func lookup(_ addresses: [IPAddress], in window: Range<Timestamp>) async throws -> [FlowFindings] {
        let isCancelled = Flag()
        return try await withTaskCancellationHandler {
            try await onQueue { [configuration] in
                var reading = DirectoryReading(configuration, addresses, window)
                return try reading.run(isCancelled: { isCancelled.isSet })
            }
        } onCancel: {
            isCancelled.set()
        }
    }

    /// Looks which flow files there are, and says so in a sentence.
    ///
    /// - Throws: ``FlowDirectoryError``.
    package func check() async throws -> String {
        let files = try await onQueue { [configuration] in try FlowFile.list(in: configuration.directory) }
        guard let newest = files.first else { return "no flow file in \(configuration.directory)" }
        return "\(files.count) flow files, the newest \(newest.name) of \(newest.modified.iso8601)"
    }

    private func onQueue<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result(catching: work)) }
        }
    }
}
