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
