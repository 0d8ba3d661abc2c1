import Journal
import Pipeline

extension PolicyFile {
    /// The policy that the configuration asks for, with the addresses that people added where a journal is there.
    static func policyWithAdditions(for configuration: Configuration) throws -> Policy {
        var policy = try policy(for: configuration)
        guard configuration.journal.mode == .durable else { return policy }
        do {
            policy.additions = try JournalReader(in: configuration.data.directory).neverList()
        } catch JournalError.missing {
            // There is no journal yet, and nothing that was added.
        } catch {
            StandardError.write("warnbell: what `warnbell never` holds does not count here: \(error)")
        }
        return policy
    }
}
