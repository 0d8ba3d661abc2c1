import Pipeline
import Testing
import Wazuh

@testable import MISP

struct RequestTextTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let scheme: String?
        let host: String?
        let target: String
        var query = EventSettings.URLQuery.drop
        let url: String?
        let path: String

        var testDescription: String { "\(scheme ?? "-") \(host ?? "-") \(target) \(query)" }
    }

    @Test(
        "A URL needs a host; userinfo and fragment always go, the query as the setting says",
        arguments: [
            Case(scheme: nil, host: nil, target: "/a?b=c#d", url: nil, path: "/a"),
            Case(scheme: "HTTPS", host: "Shop.Example", target: "/A", url: "https://shop.example/A", path: "/A"),
            Case(scheme: nil, host: "shop.example", target: "/", url: "shop.example/", path: "/"),
            Case(scheme: "http", host: nil, target: "/x", url: nil, path: "/x"),
            Case(scheme: "http", host: "-", target: "/x", url: nil, path: "/x"),
            Case(scheme: "http", host: "u:p@w@h.example:81", target: "/", url: "http://h.example:81/", path: "/"),
            Case(scheme: "http", host: "u:p@", target: "/", url: nil, path: "/"),
            Case(scheme: "http", host: "[2001:db8::1]:80", target: "/", url: "http://[2001:db8::1]:80/", path: "/"),
            Case(scheme: "http", host: "h", target: "a", url: "http://h/a", path: "a"),
            Case(scheme: "http", host: "h", target: "", url: "http://h", path: ""),
            Case(scheme: nil, host: "z", target: "http://u:p@H.example/p?q", url: "http://h.example/p", path: "/p"),
            Case(scheme: nil, host: nil, target: "ftp://u@h.example", url: "ftp://h.example", path: ""),
            Case(scheme: nil, host: nil, target: "http://h.example?x@y", url: "http://h.example", path: ""),
            Case(scheme: nil, host: nil, target: "/r?to=http://u:p@h/", url: nil, path: "/r"),
            Case(scheme: nil, host: nil, target: "://x", url: nil, path: "://x"),
            Case(scheme: nil, host: nil, target: "h.example:443", url: nil, path: "h.example:443"),
            Case(scheme: nil, host: nil, target: "/a?\u{301}secret", url: nil, path: "/a"),
            Case(scheme: nil, host: nil, target: "/a#\u{301}secret", url: nil, path: "/a"),
            Case(scheme: "http", host: "u:p@\u{301}h", target: "/", url: "http://\u{301}h/", path: "/"),
            Case(scheme: nil, host: nil, target: "/a?b=c&d=e;f=&g&=h#i", query: .names, url: nil, path: "/a?b&d&f&"),
            Case(scheme: nil, host: nil, target: "/a?token", query: .names, url: nil, path: "/a"),
            Case(scheme: nil, host: nil, target: "/a?b=c?d=e#f", query: .keep, url: nil, path: "/a?b=c?d=e"),
            Case(scheme: "http", host: "h", target: "?b=c", query: .keep, url: "http://h?b=c", path: "?b=c"),
        ])
    func text(_ example: Case) {
        let request = Evidence.Request(
            scheme: example.scheme, host: example.host, target: example.target, role: .source)
        let text = RequestText(request, query: example.query)
        #expect(text.url == example.url)
        #expect(text.target == example.path)
    }

    @Test(
        "The host is told without its port",
        arguments: [
            ("h.example:81", "h.example"), ("h.example", "h.example"), ("[2001:db8::1]:80", "2001:db8::1"),
        ])
    func host(authority: String, expected: String) {
        let request = Evidence.Request(scheme: nil, host: authority, target: "/", role: .source)
        #expect(RequestText(request, query: .drop).host == expected)
    }
}
