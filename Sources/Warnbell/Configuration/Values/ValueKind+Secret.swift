extension ValueKind<Secret?> {
    /// A secret as it is. Its errors never repeat it.
    static let secret = ValueKind(
        expected: "one line of text",
        isList: false,
        read: { raw throws(InvalidValue) in
            guard case .text(let text) = raw else { throw InvalidValue("expected one line of text, got a list") }
            return try checked(text, file: nil)
        },
        show: { $0 == nil ? .none : .text(Secret.redacted) })

    /// A secret that lies in a file.
    static let secretFile = ValueKind("a path to a file that holds the secret", show: { show($0) }) {
        path throws(InvalidValue) in
        var text: String
        do {
            text = try FileReading.text(of: path, limit: Secret.fileLimit)
        } catch {
            throw InvalidValue("\(error)")
        }
        if text.last?.isNewline == true { text.removeLast() }
        return try checked(text, file: path)
    }

    private static func show(_ secret: Secret?) -> ShownValue {
        secret?.file.map { .text($0) } ?? .none
    }

    private static func checked(_ text: String, file: String?) throws(InvalidValue) -> Secret {
        let place = file.map { "\($0): " } ?? ""
        guard !text.isEmpty else { throw InvalidValue("\(place)expected one line of text, got nothing") }
        guard LineText.isPlain(text) else {
            throw InvalidValue("\(place)expected one line of text, got something with control characters in it")
        }
        return Secret(text, file: file)
    }
}
