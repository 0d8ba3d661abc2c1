import Testing

@testable import Warnbell

struct NearestTests {
    @Test(
        "Distances count letters added, dropped, changed and swapped",
        arguments: [
            ("", "", 0), ("a", "", 1), ("", "ab", 2), ("port", "port", 0), ("prot", "port", 1), ("pot", "port", 1),
            ("ports", "port", 1), ("part", "port", 1), ("kitten", "sitting", 3), ("ca", "abc", 3),
        ])
    func distance(left: String, right: String, distance: Int) {
        #expect(Nearest.distance(left, right) == distance)
        #expect(Nearest.distance(right, left) == distance)
    }

    @Test(
        "The nearest word is named if it is near",
        arguments: [
            ("listen.prot", "listen.port"), ("listen_port", "listen.port"), ("misp", "misp"), ("mips", "misp"),
            ("feed", nil), ("network", nil), ("", nil),
        ])
    func match(word: String, nearest: String?) {
        #expect(Nearest.match(word, in: ["listen.port", "listen.host", "misp"]) == nearest)
    }
}
