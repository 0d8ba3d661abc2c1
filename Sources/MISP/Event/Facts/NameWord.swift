import IPAddresses

/// A name of ours, or a part of one that tells of us by itself, in lower case.
struct NameWord: Hashable, Sendable {
    let bytes: [UInt8]

    /// Whether it counts only where no letter or digit is next to it.
    private let standsAlone: Bool

    /// Shorter names would be found in everything.
    static let shortest = 3

    /// Shorter parts of names are in too many other words.
    private static let shortestPart = 5

    init(_ name: String) {
        self.init(Substring(MISPText.line(name).lowercased()), standsAlone: false)
    }

    private init(_ text: Substring, standsAlone: Bool) {
        bytes = Array(text.utf8)
        self.standsAlone = standsAlone
    }

    /// `web01.corp.example` and its labels but for the last; an address is one word.
    static func words(ofHost name: String) -> [NameWord] {
        let word = NameWord(name)
        let text = String(decoding: word.bytes, as: UTF8.self)
        return IPAddress(text) == nil ? [word] + parts(ofHost: Substring(text)) : [word]
    }

    /// `CORP\alice`, `alice.smith@corp.example`, `host/web01.corp.example`, and what these are made of.
    static func words(ofUser name: String) -> [NameWord] {
        let word = NameWord(name)
        let text = String(decoding: word.bytes, as: UTF8.self)
        let (user, domain) =
            text.lastIndex(of: "@").map { (text[..<$0], text[text.index(after: $0)...]) } ?? (text[...], "")
        let pieces = user.split { "\\/".contains($0) }
        return [word] + pieces.flatMap { parts(of: $0.split(separator: ".")[...]) } + parts(ofHost: domain)
    }

    /// Whether the word is what `text` has at `start`.
    func stands(in text: [UInt8], at start: Int) -> Bool {
        guard text[start...].starts(with: bytes) else { return false }
        guard standsAlone else { return true }
        let end = start + bytes.count
        return (start == 0 || !Self.isLetter(text[start - 1])) && (end == text.count || !Self.isLetter(text[end]))
    }

    private static func parts(ofHost name: Substring) -> [NameWord] {
        let labels = name.split(separator: ".")
        return parts(of: labels.count > 1 ? labels.dropLast() : labels[...])
    }

    /// Numbers tell nothing by themselves, nor does `www`. Accounts of Windows machines end in `$`.
    private static func parts(of labels: ArraySlice<Substring>) -> [NameWord] {
        labels.map { $0.hasSuffix("$") ? $0.dropLast() : $0 }
            .filter { $0 != "www" && !$0.utf8.allSatisfy(isDigit) }
            .map { NameWord($0, standsAlone: $0.utf8.count < shortestPart) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// Letters in lower case, digits, and all that is not ASCII.
    private static func isLetter(_ byte: UInt8) -> Bool {
        byte >= 0x80 || isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }
}
