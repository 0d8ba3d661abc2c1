/// How much a look-up takes in, whatever the logs hold.
enum FlowLimits {
    /// Conversations of one address that are told apart; each takes about 200 bytes while a look-up runs.
    static let conversations = 20_000

    /// Conversations of all addresses of one look-up that are told apart.
    static let roundConversations = 100_000

    /// The longest line of an NDJSON file.
    static let lineBytes = 1 << 20
}
