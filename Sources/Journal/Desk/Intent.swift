package import IPAddresses
package import Pipeline
package import Timestamps

/// What somebody asked of whoever holds the data directory: a row of the table `intents`, which stays there as the
/// record of who did what, when and why.
package struct Intent: Sendable, Equatable {
    package let id: Int64
    package let asked: Timestamp

    /// The user's name.
    package let actor: String
    package let request: Request

    /// In the person's own words.
    package let reason: String?

    package enum Request: Sendable, Equatable {
        case pause
        case resume
        /// One dead letter, or all of them.
        case replay(Int64?)
        case dropDeadLetter(Int64)
        case release(HeldSelection)
        case dropHeld(SourceKey)
        /// Name nobody in this block any more.
        case addNever(IPBlock)
        case removeNever(IPBlock)
        /// Take back what was shared of the source; and never name it again, where that is asked for.
        case revoke(SourceKey, never: Bool)
        /// What another version of the program asks for.
        case unknown(command: String)
    }

    /// Which of the sources that are held.
    package enum HeldSelection: Sendable, Equatable {
        case source(SourceKey)
        case all
        /// Those for which this rule of Wazuh's fired.
        case rule(String)
    }

    /// What came of it, for the person who asked.
    package struct Outcome: Sendable, Equatable {
        package let text: String
        package let isFine: Bool

        package static func fine(_ text: String) -> Outcome { Outcome(text: text, isFine: true) }
        package static func failed(_ text: String) -> Outcome { Outcome(text: text, isFine: false) }
    }
}

extension Intent.Request {
    /// The request as it is kept.
    init(command: String, argument: String?) {
        let number = argument.flatMap { Int64($0) }
        switch (command, number) {
        case ("pause", _): self = .pause
        case ("resume", _): self = .resume
        case ("dead-letters replay", _) where argument == nil || number != nil: self = .replay(number)
        case ("dead-letters drop", let number?): self = .dropDeadLetter(number)
        case ("held release", _):
            self =
                argument.flatMap { Intent.HeldSelection(text: $0) }.map { .release($0) } ?? .unknown(command: command)
        case ("held drop", _):
            self = argument.flatMap { SourceKey($0) }.map { .dropHeld($0) } ?? .unknown(command: command)
        case ("never add", _):
            self = argument.flatMap { IPBlock($0) }.map { .addNever($0) } ?? .unknown(command: command)
        case ("never remove", _):
            self = argument.flatMap { IPBlock($0) }.map { .removeNever($0) } ?? .unknown(command: command)
        case ("revoke", _):
            let words = (argument ?? "").split(separator: " ")
            let source = words.first.flatMap { SourceKey(String($0)) }
            self =
                source.map { .revoke($0, never: words.dropFirst() == [Self.neverFlag]) } ?? .unknown(command: command)
        default: self = .unknown(command: command)
        }
    }

    private static let neverFlag: Substring = "--never"

    /// As a person types it.
    package var command: String {
        switch self {
        case .pause: "pause"
        case .resume: "resume"
        case .replay: "dead-letters replay"
        case .dropDeadLetter: "dead-letters drop"
        case .release: "held release"
        case .dropHeld: "held drop"
        case .addNever: "never add"
        case .removeNever: "never remove"
        case .revoke: "revoke"
        case .unknown(let command): command
        }
    }

    package var argument: String? {
        switch self {
        case .replay(let id): id.map { "\($0)" }
        case .dropDeadLetter(let id): "\(id)"
        case .release(let selection): selection.text
        case .dropHeld(let source): "\(source)"
        case .addNever(let block), .removeNever(let block): "\(block)"
        case .revoke(let source, let never): never ? "\(source) \(Self.neverFlag)" : "\(source)"
        case .pause, .resume, .unknown: nil
        }
    }
}

extension Intent.HeldSelection {
    /// As a person types it.
    var text: String {
        switch self {
        case .source(let source): "\(source)"
        case .all: "--all"
        case .rule(let rule): "\(Self.rulePrefix)\(rule)"
        }
    }

    /// What ``text`` says; nil for anything else.
    init?(text: String) {
        if text == "--all" {
            self = .all
        } else if text.hasPrefix(Self.rulePrefix) {
            self = .rule(String(text.dropFirst(Self.rulePrefix.count)))
        } else if let source = SourceKey(text) {
            self = .source(source)
        } else {
            return nil
        }
    }

    private static let rulePrefix = "--rule "
}
