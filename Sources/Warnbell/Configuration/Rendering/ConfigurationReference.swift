/// All keys for the manual, in Markdown.
enum ConfigurationReference {
    static var text: String { "\(introduction)\n\n\(table)" }

    private static let introduction = """
        Each key stands in the YAML file, nested or with its dots, or in an environment variable, which goes first: \
        `listen.port` in `WARNBELL_LISTEN_PORT`. An empty variable is not set; one that starts with `WARNBELL_` and \
        looks like a key but is none is an error. Durations are a number with `ms`, `s`, `m`, `h` or `d`, sizes a \
        number with `B`, `KiB`, `MiB`, `GiB` or `TiB`. Lists are lists in YAML, or separated by commas. An address block is written `192.0.2.0/24`; an entry that starts with `/` or `./` is a file with one \
        block a line and comments after `#`. Relative paths start at the working directory. `MISP_URL`, `MISP_KEY`, \
        `ES_HOST` (a URL, or a host alone), `ES_USER` and `ES_PASS` stand for `misp.url`, `misp.key` and \
        `netflow.elasticsearch.url`, `.user` and `.password` where nothing else sets them.
        """

    private static var table: String {
        let rows = ConfigurationKey.all.map { key in
            [
                "`\(key.name)`", key.unset ?? standard(of: key), sentence(key.expected.short), key.summary,
            ]
        }
        let header = [["Key", "Default", "Value", "Meaning"], ["---", "---", "---", "---"]]
        return (header + rows).map { "| " + $0.map(cell).joined(separator: " | ") + " |" }.joined(separator: "\n")
    }

    private static func standard(of key: ConfigurationKey) -> String {
        key.standard.raw.map { $0.elements.isEmpty ? "none" : "`\($0.elements.joined(separator: ","))`" } ?? "none"
    }

    private static func sentence(_ expected: String) -> String {
        expected.prefix(1).uppercased() + expected.dropFirst()
    }

    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
