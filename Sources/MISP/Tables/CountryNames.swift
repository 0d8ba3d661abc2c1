/// Names of countries, as MISP's galaxy spells them, by their ISO 3166 codes.
enum CountryNames {
    /// The name of `DE`, `germany`; nil for a code that is not in the table.
    static func name(of code: String) -> String? { table[code] }

    /// The same for people: `Germany`.
    static func title(of code: String) -> String? {
        name(of: code).map { name in
            name.split(separator: " ").map { word in
                small.contains(word) ? String(word) : word.prefix(1).uppercased() + word.dropFirst()
            }.joined(separator: " ")
        }
    }

    /// The code of a country by the name that the galaxy or a cloud has for it, in any letter case.
    static func code(of name: String) -> String? {
        let name = name.lowercased()
        return codes[name] ?? otherNames[name]
    }

    private static let small: Set<Substring> = ["and", "of", "the"]

    private static let codes = Dictionary(table.map { ($0.value, $0.key) }) { min($0, $1) }

    /// What others call some of them.
    private static let otherNames = [
        "united states": "US", "the united states": "US", "usa": "US", "great britain": "GB", "uk": "GB",
        "russian federation": "RU", "the netherlands": "NL", "republic of korea": "KR", "korea": "KR",
        "czech republic": "CZ", "türkiye": "TR", "turkiye": "TR", "viet nam": "VN", "hong kong sar china": "HK",
        "republic of moldova": "MD", "republic of lithuania": "LT", "islamic republic of iran": "IR",
        "syrian arab republic": "SY", "côte d'ivoire": "CI", "republic of north macedonia": "MK",
        "democratic people's republic of korea": "KP", "united republic of tanzania": "TZ",
    ]
}
