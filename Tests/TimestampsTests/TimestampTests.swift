import Testing
import Timestamps

struct TimestampTests {
    @Test(
        "Times are read with their zone",
        arguments: [
            ("2026-11-24T06:11:43.187+0000", "2026-11-24T06:11:43.187Z"),
            ("2026-11-24T06:11:43Z", "2026-11-24T06:11:43.000Z"),
            ("2026-11-24T06:11:43.1Z", "2026-11-24T06:11:43.100Z"),
            ("2026-11-24T06:11:43.123456789+02:00", "2026-11-24T04:11:43.123Z"),
            ("2026-11-24t06:11:43.5-0530", "2026-11-24T11:41:43.500Z"),
            ("2024-02-29T23:59:60Z", "2024-02-29T23:59:59.000Z"),
            ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
            ("2000-03-01T00:00:00+0000", "2000-03-01T00:00:00.000Z"),
        ])
    func parsed(text: String, expected: String) throws {
        #expect(try #require(Timestamp(text)).iso8601 == expected)
    }

    @Test(
        "What names no moment is refused",
        arguments: [
            "", "2026-11-24", "2026-11-24T06:11:43", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
            "2026-11-24T24:00:00Z",
            "2026-11-24T06:60:00Z", "2026-11-24T06:11:61Z", "2026-11-24T06:11:43.Z", "2026-11-24T06:11:43.1234567890Z",
            "2026-11-24T06:11:43+00", "2026-11-24T06:11:43+0000 ", "2026-1-24T06:11:43Z", "+026-11-24T06:11:43Z",
        ])
    func refused(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test("Times are written for people, for MISP and for HTTP")
    func written() throws {
        let moment = try #require(Timestamp("2026-11-20T08:05:09.050Z"))
        #expect(moment.httpDate == "Fri, 20 Nov 2026 08:05:09 GMT")
        #expect(moment.date == "2026-11-20")
        #expect(moment.seconds == 1_795_161_909)
        #expect(Timestamp.parse(httpDate: moment.httpDate)?.seconds == moment.seconds)
        #expect(Timestamp(seconds: 784_111_777).httpDate == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(Timestamp(milliseconds: -1).seconds == -1)
    }

    @Test("Spans are added and taken")
    func arithmetic() {
        let moment = Timestamp(seconds: 100)
        #expect(moment + .milliseconds(1500) == Timestamp(milliseconds: 101_500))
        #expect(moment - .seconds(1) == Timestamp(seconds: 99))
        #expect(Timestamp(seconds: 101) - moment == .seconds(1))
    }

    @Test(
        "What is no date of HTTP's is none",
        arguments: [
            "", "Fri, 20 Nov 2026 08:05:09 UTC", "Fri, 20 Nov 2026 08:05:09", "Mon, 20 Nov 2026 08:05:09 GMT",
            "Fri, 20 nov 2026 08:05:09 GMT", "Fri, 31 Nov 2026 08:05:09 GMT", "Fri, 20 Nov 2026 24:05:09 GMT",
            "Fri, 20 Nov 2026 08:05:60 GMT", "Fri, 20 Nov 2026 8:5:9 GMT", "Friday, 20-Nov-26 08:05:09 GMT",
            "Fri Nov 20 08:05:09 2026", "Fri, 20 Nov 9223372036854775807 08:05:09 GMT",
            "Fri, 20 Nov -2026 08:05:09 GMT", " Fri, 20 Nov 2026 08:05:09 GMT", "2026-11-20T08:05:09Z",
        ])
    func noHTTPDate(text: String) {
        #expect(Timestamp.parse(httpDate: text) == nil)
    }
}
