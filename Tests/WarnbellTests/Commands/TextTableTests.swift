import Testing

@testable import Warnbell

struct TextTableTests {
    private let table: TextTable = {
        var table = TextTable("NAME", "PORT", "WHY")
        table.add("a", "22", "a long reason")
        table.add("bcdef", "-", "x\ny")
        return table
    }()

    @Test("Columns are as wide as they need to be; numbers stand to the right, and no cell breaks its line")
    func whole() {
        #expect(
            table.lines() == [
                "NAME   PORT  WHY",
                "a        22  a long reason",
                "bcdef     -  x\\ny",
            ])
    }

    @Test(
        "A terminal's lines are as long as it is wide",
        arguments: [(26, "a        22  a long reason"), (25, "a        22  a long reas…")])
    func terminal(width: Int, line: String) {
        #expect(table.lines(within: width)[1] == line)
    }
}
