import FoundationEssentials
package import Pipeline

/// The answer of a look-up as `lookup --json` prints it.
package struct LookupReport: Sendable {
    package let answers: [LookupAnswer]

    package init(_ findings: [FlowFindings]) {
        answers = findings.map(LookupAnswer.init)
    }

    /// Whether nothing is known to be missing of any address.
    package var isComplete: Bool { answers.allSatisfy(\.isComplete) }

    /// One object for one address, an array for several; keys in alphabetical order.
    package var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            let data = if answers.count == 1 { try encoder.encode(answers[0]) } else { try encoder.encode(answers) }
            return String(decoding: data, as: UTF8.self)
        } catch {
            preconditionFailure("an answer always encodes: \(error)")
        }
    }
}
