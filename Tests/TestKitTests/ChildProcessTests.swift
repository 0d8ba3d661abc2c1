import Glibc
import TestKit
import Testing

struct ChildProcessTests {
    @Test("What configures Warnbell stays with whoever runs the tests; all else is handed down")
    func environment() async {
        await #expect(processExitsWith: .success) {
            for name in ["WARNBELL_DATA_DIRECTORY", "MISP_URL", "MISP_KEY", "ES_HOST", "HOMELY"] {
                setenv(name, "the caller's", 1)
            }
            let child = try ChildProcess(["env"], environment: ["MISP_KEY": "the test's"])
            let lines = String(decoding: child.readToEnd(), as: UTF8.self).split(separator: "\n")
            let names = ["WARNBELL_", "MISP_", "ES_", "HOMELY"]
            let found = lines.filter { line in names.contains { line.hasPrefix($0) } }.sorted()
            try #require(found == ["HOMELY=the caller's", "MISP_KEY=the test's"])
        }
    }
}
