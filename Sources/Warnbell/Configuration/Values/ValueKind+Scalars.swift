import FoundationEssentials
import IPAddresses

extension ValueKind where Value: FixedWidthInteger {
    static func integer(_ range: ClosedRange<Value>) -> ValueKind {
        ValueKind(
            "a whole number from \(range.lowerBound) to \(range.upperBound)",
            parse: { text in
                // Digits only: no sign, and no hexadecimal or octal number as YAML would have it.
                guard text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Value(text) else { return nil }
                return range.contains(number) ? number : nil
            },
            show: { .number(Int($0)) })
    }
}

extension ValueKind<Bool> {
    static let boolean = ValueKind(
        "true or false",
        parse: { text in
            switch text.lowercased() {
            case "true", "yes", "on", "1": true
            case "false", "no", "off", "0": false
            default: nil
            }
        },
        show: { .boolean($0) })
}

extension ValueKind where Value: RawRepresentable<String> & CaseIterable {
    /// One of the words of an enumeration. `note` says why another word that people may try is missing.
    static func choice(of type: Value.Type = Value.self, note: String? = nil) -> ValueKind {
        let words = Value.allCases.map(\.rawValue)
        return ValueKind(
            Expectation((words.count == 1 ? "" : "one of ") + words.joined(separator: ", "), hint: note),
            parse: { Value(rawValue: $0.lowercased()) },
            show: { .text($0.rawValue) })
    }
}

extension ValueKind<Configuration.MISP.Distribution> {
    static let distribution = ValueKind(
        Expectation(
            "one of organisation, community, connected, all, or 0 to 3", hint: "sharing groups are not there yet"),
        parse: { text in
            Value.allCases.first { "\($0)" == text.lowercased() || String($0.rawValue) == text }
        },
        show: { .text("\($0)") })
}

extension ValueKind<String> {
    /// One line of text, without control characters.
    static func text(_ what: String, upTo limit: Int = 1024) -> ValueKind {
        ValueKind(
            Expectation(what, hint: "one line of up to \(limit) bytes"),
            parse: { text in
                !text.isEmpty && text.utf8.count <= limit && LineText.isPlain(text) ? text : nil
            },
            show: { .text($0) })
    }

    /// A name that identifiers are made of.
    static let name = ValueKind(
        "a name of up to 64 letters, digits, dots, hyphens and underscores",
        parse: { text in
            let isNameByte: (UInt8) -> Bool = { byte in
                switch UnicodeScalar(byte) {
                case "a"..."z", "A"..."Z", "0"..."9", ".", "-", "_": true
                default: false
                }
            }
            return (1...64).contains(text.utf8.count) && text.utf8.allSatisfy(isNameByte) ? text : nil
        },
        show: { .text($0) })

    /// The hash of a public key in curl's form.
    static let publicKeyPin = ValueKind(
        Expectation("sha256// and the base64 of a public key's SHA-256", hint: "44 characters"),
        parse: { text in
            guard text.hasPrefix("sha256//"), Data(base64Encoded: String(text.dropFirst(8)))?.count == 32 else {
                return nil
            }
            return text
        },
        show: { .text($0) })

    /// A path, taken as it is; a relative one starts at the working directory.
    static func path(_ what: String) -> ValueKind {
        .text("a path to \(what)", upTo: 4096)
    }

    /// A path to a file that can be read now.
    static func readableFile(_ what: String) -> ValueKind {
        let path = ValueKind.path(what)
        return ValueKind(path.expected, show: path.show) { text throws(InvalidValue) in
            let file = try path.read(.text(text))
            do {
                try FileReading.check(file)
            } catch {
                throw InvalidValue("\(error)")
            }
            return file
        }
    }
}

extension ValueKind<IPAddress> {
    /// An address of this machine. A name would have to be resolved, and might change its meaning.
    static let localAddress = ValueKind(
        "an IP address such as 127.0.0.1 or ::1, or localhost",
        parse: { $0 == "localhost" ? IPAddress(v4: 0x7f00_0001) : IPAddress($0) },
        show: { .text("\($0)") })
}
