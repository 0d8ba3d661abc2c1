extension Timestamp {
    /// Reads a date and time that fill `text` exactly, by the rules of ``parse(_:)``.
    package init?(_ text: String) {
        var text = text
        let parsed = text.withUTF8 { unsafe Self.parse($0.span) }
        guard let parsed else { return nil }
        self = parsed
    }

    /// Reads `2026-11-24T06:11:43.187+0000` and its relatives; nil for anything else.
    ///
    /// That is RFC 3339 with two liberties that Wazuh takes: the offset may lack its colon. A fraction may have one
    /// to nine digits (below a millisecond they are cut), and the letters may be lower case. A leap second reads as
    /// the second before it. An offset must be there: a time without a zone names no moment.
    package static func parse(_ bytes: Span<UInt8>) -> Timestamp? {
        var reader = Reader(bytes.count)
        guard let year = reader.number(4, in: bytes), reader.take("-", in: bytes),
            let month = reader.number(2, in: bytes), reader.take("-", in: bytes),
            let day = reader.number(2, in: bytes),
            reader.take("T", in: bytes) || reader.take("t", in: bytes) || reader.take(" ", in: bytes),
            let hour = reader.number(2, in: bytes), hour < 24, reader.take(":", in: bytes),
            let minute = reader.number(2, in: bytes), minute < 60, reader.take(":", in: bytes),
            let second = reader.number(2, in: bytes), second <= 60,
            let date = CalendarDate(year: year, month: month, day: day)
        else { return nil }
        guard let millisecond = reader.fraction(in: bytes), let offset = reader.offset(in: bytes),
            reader.isAtEnd
        else { return nil }
        let seconds = date.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + min(second, 59) - offset
        return Timestamp(milliseconds: seconds * 1000 + millisecond)
    }

    /// A place in the text and the small pieces that are read there.
    private struct Reader {
        private var position = 0
        private let end: Int

        init(_ count: Int) { end = count }

        var isAtEnd: Bool { position == end }

        @inline(__always)
        mutating func take(_ character: Unicode.Scalar, in bytes: Span<UInt8>) -> Bool {
            guard position < end, bytes[position] == UInt8(ascii: character) else { return false }
            position += 1
            return true
        }

        @inline(__always)
        mutating func number(_ digits: Int, in bytes: Span<UInt8>) -> Int64? {
            guard end - position >= digits else { return nil }
            var value: Int64 = 0
            for index in position..<position + digits {
                let digit = Int64(bytes[index]) - 48
                guard (0...9).contains(digit) else { return nil }
                value = value * 10 + digit
            }
            position += digits
            return value
        }

        /// Milliseconds of `.1` to `.123456789`; 0 where there is no fraction.
        mutating func fraction(in bytes: Span<UInt8>) -> Int64? {
            guard take(".", in: bytes) || take(",", in: bytes) else { return 0 }
            var milliseconds: Int64 = 0
            var digits = 0
            while let digit = number(1, in: bytes) {
                guard digits < 9 else { return nil }
                if digits < 3 { milliseconds = milliseconds * 10 + digit }
                digits += 1
            }
            guard digits > 0 else { return nil }
            for _ in digits..<max(3, digits) { milliseconds *= 10 }
            return milliseconds
        }

        /// Seconds east of UTC of `Z`, `+0200` or `+02:00`.
        mutating func offset(in bytes: Span<UInt8>) -> Int64? {
            if take("Z", in: bytes) || take("z", in: bytes) { return 0 }
            let isEast = take("+", in: bytes)
            guard isEast || take("-", in: bytes), let hours = number(2, in: bytes), hours < 24 else { return nil }
            _ = take(":", in: bytes)
            guard let minutes = number(2, in: bytes), minutes < 60 else { return nil }
            return (hours * 3600 + minutes * 60) * (isEast ? 1 : -1)
        }
    }
}
