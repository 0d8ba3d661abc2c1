import GRDB

/// The tables, and how older files become today's. A migration that was released is never changed.
enum JournalSchema {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { try $0.execute(sql: first) }
        return migrator
    }()

    /// - `alerts`: what was accepted, in the order it came. A row is never changed: that it is over stands in `settled`.
    /// - `settled`: ranges of sequence numbers whose alerts went nowhere or into a batch.
    /// - `waiting`: closed batches that a sink was not told of, in their order.
    /// - `deliveries`: what is being sent, exactly as it is sent each time; one for a source at a sink.
    /// - `dead_letters`: deliveries that a sink refused for good.
    /// - `ledger`: what each sink holds of each source in a window: when it was `shared` first, `seen` and `changed` last, since
    ///   when that is to be published, when it was; and that it is to be taken back, or was (`withdrawal`, JSON), outstanding
    ///   since `withdrawing`.
    /// - `revoked`: sources that a person took back: until it `ends`, what comes of them is held.
    /// - `never`: addresses that are never named because somebody said so.
    /// - `held`: alerts that wait for a person, a row for each source.
    /// - `sightings`: what alerts taught about addresses: where agents are, and where logins came from; and attackers who were let
    ///   through as new, with the rule that named them.
    /// - `facts`: what must be known of the service while it does not run: that sharing is paused, say.
    /// - `intents`: what people asked for and what came of it: the record of who did what, when and why.
    ///
    /// Times are milliseconds since 1970. `batch`, `content`, `history` and `value` are JSON; what a later version adds to them
    /// is optional.
    private static let first = """
        CREATE TABLE alerts (
            sequence INTEGER PRIMARY KEY, received INTEGER NOT NULL, identity BLOB NOT NULL, body BLOB NOT NULL);
        CREATE TABLE settled (first INTEGER PRIMARY KEY, last INTEGER NOT NULL);
        CREATE TABLE waiting (
            place INTEGER PRIMARY KEY, sink TEXT NOT NULL, source TEXT NOT NULL, id BLOB NOT NULL,
            alerts INTEGER NOT NULL, batch BLOB NOT NULL);
        CREATE INDEX waiting_by_source ON waiting (sink, source);
        CREATE TABLE deliveries (
            sink TEXT NOT NULL, source TEXT NOT NULL, alerts INTEGER NOT NULL, content BLOB NOT NULL,
            body BLOB NOT NULL, PRIMARY KEY (sink, source));
        CREATE TABLE dead_letters (
            id INTEGER PRIMARY KEY AUTOINCREMENT, sink TEXT NOT NULL, source TEXT NOT NULL, died INTEGER NOT NULL,
            reason TEXT NOT NULL, alerts INTEGER NOT NULL, content BLOB NOT NULL, body BLOB NOT NULL);
        CREATE INDEX dead_letters_by_source ON dead_letters (sink, source);
        CREATE TABLE ledger (
            sink TEXT NOT NULL, source TEXT NOT NULL, opens INTEGER NOT NULL, ends INTEGER NOT NULL,
            event BLOB NOT NULL, shared INTEGER NOT NULL, seen INTEGER NOT NULL, changed INTEGER NOT NULL,
            unpublished INTEGER, published INTEGER, withdrawing INTEGER, withdrawal BLOB, history BLOB NOT NULL,
            PRIMARY KEY (sink, source, opens));
        CREATE INDEX ledger_unpublished ON ledger (sink, source) WHERE unpublished IS NOT NULL;
        CREATE INDEX ledger_by_change ON ledger (changed);
        CREATE INDEX ledger_by_source ON ledger (source);
        CREATE INDEX ledger_withdrawing ON ledger (sink, source) WHERE withdrawing IS NOT NULL;
        CREATE INDEX ledger_living ON ledger (seen) WHERE withdrawal IS NULL;
        CREATE TABLE revoked (
            source TEXT PRIMARY KEY, moment INTEGER NOT NULL, ends INTEGER NOT NULL, actor TEXT NOT NULL, reason TEXT)
            WITHOUT ROWID;
        CREATE TABLE never (block TEXT PRIMARY KEY, added INTEGER NOT NULL, actor TEXT NOT NULL, reason TEXT) WITHOUT ROWID;
        CREATE TABLE held (
            source TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, alerts INTEGER NOT NULL,
            level INTEGER NOT NULL, content BLOB NOT NULL);
        CREATE INDEX held_by_last ON held (last);
        CREATE TABLE sightings (
            kind TEXT NOT NULL, source TEXT NOT NULL, seen INTEGER NOT NULL, rule TEXT, PRIMARY KEY (kind, source)) WITHOUT ROWID;
        CREATE TABLE facts (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE intents (
            id INTEGER PRIMARY KEY AUTOINCREMENT, asked INTEGER NOT NULL, actor TEXT NOT NULL, command TEXT NOT NULL,
            argument TEXT, reason TEXT, done INTEGER, outcome TEXT, is_fine INTEGER);
        CREATE INDEX intents_open ON intents (id) WHERE done IS NULL;
        """
}
