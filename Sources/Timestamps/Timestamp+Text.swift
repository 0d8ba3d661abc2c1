extension Timestamp {
    /// RFC 3339 in UTC with milliseconds: `2026-11-20T08:00:00.050Z`.
    package var iso8601: String {
        let (date, second) = parts
        let millisecond = milliseconds - self.seconds * 1000
        return "\(date.text)T\(Self.clock(second)).\(millisecond.padded(to: 3))Z"
    }

    /// The day in UTC: `2026-11-20`.
    package var date: String { parts.date.text }

    /// IMF-fixdate of RFC 9110 section 5.6.7: `Fri, 20 Nov 2026 08:00:00 GMT`.
    package var httpDate: String {
        let (date, second) = parts
        let weekday = Self.weekdays[Int((date.daysSince1970 % 7 + 11) % 7)]
        let month = Self.months[Int(date.month) - 1]
        return "\(weekday), \(date.day.padded(to: 2)) \(month) \(date.year.padded(to: 4)) \(Self.clock(second)) GMT"
    }

    /// Reads an IMF-fixdate, the form of all of today's servers; nil for anything else, the obsolete forms included.
    package static func parse(httpDate text: String) -> Timestamp? {
        let words = text.split(separator: " ")
        guard words.count == 6, let month = months.firstIndex(where: { words[2] == $0 }),
            let dayOfMonth = Int64(words[1]), let year = Int64(words[3]), (0...9999).contains(year),
            let date = CalendarDate(year: year, month: Int64(month) + 1, day: dayOfMonth)
        else { return nil }
        let clock = words[4].split(separator: ":").compactMap { Int64($0) }
        guard clock.count == 3, clock.allSatisfy({ (0..<60).contains($0) }) else { return nil }
        let day = date.daysSince1970 * 86_400
        let moment = Timestamp(seconds: day + clock[0] * 3600 + clock[1] * 60 + clock[2])
        return moment.httpDate == text ? moment : nil
    }

    private var parts: (date: CalendarDate, secondOfDay: Int64) {
        let day = seconds.flooredDivision(by: 86_400)
        return (CalendarDate(daysSince1970: day), seconds - day * 86_400)
    }

    private static func clock(_ second: Int64) -> String {
        "\((second / 3600).padded(to: 2)):\((second / 60 % 60).padded(to: 2)):\((second % 60).padded(to: 2))"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}

extension CalendarDate {
    fileprivate var text: String { "\(year.padded(to: 4))-\(month.padded(to: 2))-\(day.padded(to: 2))" }
}

extension Int64 {
    fileprivate func padded(to width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
    }
}
