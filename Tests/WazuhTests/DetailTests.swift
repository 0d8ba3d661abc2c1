import IPAddresses
import Testing
import Wazuh

@Suite("What else an alert says")
struct DetailTests {
    private func alert(_ members: String, rule: String = "") throws -> Alert {
        var decoder = AlertDecoder()
        return try #require(try decoder.decode(#"{"rule":{"id":"1","level":5\#(rule)},\#(members)}"#).alerts.first)
    }

    private func finding(_ members: String, rule: String = "") throws -> Alert {
        var decoder = AlertDecoder()
        let text = #"{"wazuh":{"rule":{"id":"1","level":"low"\#(rule)}},\#(members)}"#
        return try #require(try decoder.decode(text).alerts.first)
    }

    static let requests: [(String, [String], [String?])] = [
        (#""data":{"url":"/index.php?id=1%27","protocol":"GET","id":"404"}"#, ["/index.php?id=1%27"], ["GET"]),
        (#""data":{"url":"//images/alumni.php"}"#, ["//images/alumni.php"], [nil]),
        (#""data":{"url":"/x","protocol":"TCP"}"#, ["/x"], [nil]),
        (#""data":{"url":"http://www.example.org/a?b=c#d"}"#, ["http://www.example.org/a?b=c#d"], [nil]),
        (#""data":{"url":"HTTPS://user:pass@www.example.org:8443?q"}"#, ["https://www.example.org:8443?q"], [nil]),
        (#""data":{"url":"http://www.example.org"}"#, ["http://www.example.org/"], [nil]),
        (#""data":{"url":"http:///nothing"}"#, ["http:///nothing"], [nil]),
        (#""data":{"url":"/r?to=http://evil.example/"}"#, ["/r?to=http://evil.example/"], [nil]),
        (#""data":{"url":"/x","hostname":"www.example.org"}"#, ["www.example.org/x"], [nil]),
        (#""data":{"url":"/x","hostname":"fw01"}"#, ["/x"], [nil]),
        (#""data":{"url":"/x","hostname":"192.0.2.1"}"#, ["/x"], [nil]),
        (#""data":{"url":["/a","/b","/a"]}"#, ["/a", "/b"], [nil, nil]),
        (#""data":{"url":"-"}"#, [], []),
        (#""data":{"url":""}"#, [], []),
        (#""data":{"url":7}"#, ["7"], [nil]),
        (#""data":{"url":{}}"#, [], []),
        (#""data":{"aws":{"url":"https://console.example.org/"}}"#, [], []),
        (
            #""data":{"http":{"hostname":"www.example.org","url":"/a","http_method":"POST"}}"#,
            ["http://www.example.org/a"], ["POST"]
        ),
        (#""data":{"http":{"url":"/a"}}"#, ["/a"], [nil]),
        (
            #""data":{"http":{"hostname":"www.example.org","url":"http://other.example/a"}}"#,
            ["http://other.example/a"], [nil]
        ),
        (
            #""decoder":{"name":"web-accesslog-glpi"},"data":{"url":"https://www.example.org/from","route":"/front/login.php","operation":"POST","http_version":"1.1"}"#,
            ["/front/login.php"], ["POST"]
        ),
        (
            #""decoder":{"name":"web-accesslog"},"data":{"url":"https://www.example.org/from","route":"/a","http_version":"1.1"}"#,
            ["/a"], [nil]
        ),
        (
            #""decoder":{"name":"web-accesslog-glpi"},"data":{"url":"/from"},"full_log":"192.0.2.1 - - [24/Nov/2026:06:11:42 +0000] \"GET /to HTTP/1.1\" 200 5 \"/from\" \"curl\"""#,
            ["/to"], ["GET"]
        ),
        (#""decoder":{"name":"web-accesslog-glpi"},"data":{"url":"/from"}"#, [], []),
    ]

    @Test("requests have a host where the alert names one", arguments: requests)
    func readsRequests(members: String, texts: [String], methods: [String?]) throws {
        let requests = try alert(members).requests
        #expect(requests.map(\.text) == texts)
        #expect(requests.map(\.method) == methods)
    }

    @Test(
        "requests of findings",
        arguments: [
            (
                #""url":{"original":"https://www.example.org/a","domain":"other","path":"/b"},"http":{"request":{"method":"get"}}"#,
                ["https://www.example.org/a"], ["GET"]
            ),
            (
                #""url":{"original":"/a?b","domain":"www.example.org","scheme":"https"}"#,
                ["https://www.example.org/a?b"], [nil]
            ),
            (#""url":{"full":"https://www.example.org/f"}"#, ["https://www.example.org/f"], [nil]),
            (#""url":{"path":"/p","query":"q=1"}"#, ["/p?q=1"], [nil]),
            (#""url":{"original":"RequestURI","domain":"www.example.org"}"#, ["RequestURI"], [nil]),
            (#""url":{}"#, [], []),
        ] as [(String, [String], [String?])])
    func readsFindingRequests(members: String, texts: [String], methods: [String?]) throws {
        let requests = try finding(members).requests
        #expect(requests.map(\.text) == texts)
        #expect(requests.map(\.method) == methods)
    }

    @Test(
        "user agents stand in fields of their own",
        arguments: [
            #""data":{"http":{"http_user_agent":"curl/8.0"}}"#, #""data":{"user_agent":"curl/8.0"}"#,
            #""data":{"browser":"curl/8.0"}"#, #""data":{"aws":{"userAgent":"curl/8.0"}}"#,
            #""data":{"barracuda":{"waf":{"custom_header":{"user_agent":"\\\"curl/8.0\\\""}}}}"#,
            #""data":{"browser":["-","curl/8.0",""],"user_agent":"curl/8.0"}"#,
        ])
    func readsUserAgents(members: String) throws {
        #expect(try alert(members).userAgents == ["curl/8.0"])
    }

    private static let front = #"192.0.2.1 - - [24/Nov/2026:06:11:42 +0000] "#
    static let logs: [(String, String?)] = [
        (front + #""GET / HTTP/1.1" 200 612 "-" "sqlmap/1.7 (https://sqlmap.org)""#, "sqlmap/1.7 (https://sqlmap.org)"),
        (front + #""GET / HTTP/1.1" 200 612 "https://www.example.org/" "curl" rt=0.112"#, "curl"),
        (front + #""GET / HTTP/1.1" 200 612 "-" "curl" "203.0.113.9""#, "curl"),
        (front + #""GET / HTTP/1.1" 200 612 "-" "() { :; }; echo \"x\"""#, #"() { :; }; echo \"x\""#),
        (front + #""GET /\" HTTP/1.1" 404 0 "-" "curl""#, "curl"),
        (front + #""\x16\x03\x01" 400 157 "-" "Go""#, "Go"),
        (
            "Jan 11 10:13:05 web01 nginx: " + front
                + #""HEAD / HTTP/1.1" 200 0 www.example.org "-" "curl/7.47.0" - 3e"#,
            "curl/7.47.0"
        ),
        ("\"www.example.org\" " + front + #""GET / HTTP/1.1" 200 612 "-" "curl""#, "curl"),
        (front + #""GET / HTTP/1.1" 200 612 "-" "-""#, nil),
        (front + #""GET / HTTP/1.1" 200 612"#, nil),
        (front + #""GET / HTTP/1.1" 200 612 "-" "cut off"#, nil),
        (front + #""GET / HTTP/1.1" - 612 "-" "curl""#, nil),
        ("no quotes at all", nil), ("\"", nil), ("\"\\", nil), ("", nil),
    ]

    @Test("a web server's line ends with the user agent, and perhaps more", arguments: logs)
    func readsAccessLogs(log: String, expected: String?) throws {
        let escaped = log.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        let agents = try alert(#""decoder":{"name":"web-accesslog"},"full_log":"\#(escaped)""#).userAgents
        #expect(agents == (expected.map { [$0] } ?? []))
        #expect(try alert(#""full_log":"\#(escaped)""#, rule: #","groups":["web","accesslog"]"#).userAgents == agents)
        #expect(try alert(#""decoder":{"name":"sshd"},"full_log":"\#(escaped)""#).userAgents.isEmpty)
    }

    private static let md5 = "d41d8cd98f00b204e9800998ecf8427e"
    private static let sha1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
    private static let sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    static let hashes: [(String, [String])] = [
        (
            #""syscheck":{"md5_before":"00000000000000000000000000000000","md5_after":"\#(md5)","sha1_after":"\#(sha1)","sha256_after":"\#(sha256)"}"#,
            ["md5 " + md5, "sha1 " + sha1, "sha256 " + sha256]
        ),
        (#""data":{"virustotal":{"source":{"md5":"\#(md5)","sha1":"\#(sha1)"}}}"#, ["md5 " + md5, "sha1 " + sha1]),
        (
            #""data":{"win":{"eventdata":{"hashes":"MD5=\#(md5.uppercased()),SHA256=\#(sha256),IMPHASH=00000000000000000000000000000000"}}}"#,
            ["md5 " + md5, "sha256 " + sha256]
        ),
        (#""data":{"win":{"eventdata":{"hashes":"MD5=,SHA256,=x,SHA1=xyz"}}}"#, []),
        (#""data":{"office365":{"SHA256":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}}"#, ["sha256 " + sha256]),
        (
            #""data":{"office365":{"AttachmentData":[{"SHA256":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}]}}"#,
            ["sha256 " + sha256]
        ),
        (#""data":{"office365":{"SHA256":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"}}"#, []),
        (#""data":{"fileinfo":{"sha256":"\#(sha256)"},"sha256":"\#(sha256)"}"#, ["sha256 " + sha256]),
        (#""syscheck":{"md5_after":"xxx","sha1_after":"\#(md5)","sha256_after":""}"#, []),
    ]

    @Test("digests are those of the file as it is now, in hexadecimal", arguments: hashes)
    func readsHashes(members: String, expected: [String]) throws {
        #expect(try alert(members).hashes.map { "\($0.algorithm) \($0.hexadecimal)" } == expected)
    }

    @Test("digests of findings")
    func readsFindingHashes() throws {
        let hashes = try finding(
            #""file":{"hash":{"md5":"\#(Self.md5)"}},"process":{"hash":{"sha256":"\#(Self.sha256)"}}"#
        )
        .hashes
        #expect(hashes.map(\.hexadecimal) == [Self.md5, Self.sha256])
    }

    @Test(
        "ids and names of ATT&CK are lists of their own, of any lengths",
        arguments: [
            (
                #","mitre":{"id":["T1078","T1110.001"],"tactic":["Defense Evasion"],"technique":["Valid Accounts","Password Guessing"]}"#,
                ["T1078", "T1110.001"], ["Valid Accounts", "Password Guessing"], ["Defense Evasion"]
            ),
            (#","mitre":{"id":["T1078"],"tactic":["A","B","C"]}"#, ["T1078"], [], ["A", "B", "C"]),
            (#","mitre":{"id":"T1078"}"#, ["T1078"], [], []),
            (#","mitre":{"id":[null,"","T1",7]}"#, ["T1", "7"], [], []),
            (#","mitre":{}"#, [], [], []), (#","mitre":null"#, [], [], []), ("", [], [], []),
        ] as [(String, [String], [String], [String])])
    func readsTechniques(rule: String, ids: [String], names: [String], tactics: [String]) throws {
        let alert = try alert(#""x":0"#, rule: rule)
        #expect(alert.techniques == ids)
        #expect(alert.techniqueNames == names)
        #expect(alert.tactics == tactics)
    }

    @Test("techniques of findings include those below them")
    func readsFindingTechniques() throws {
        let rule =
            #","mitre":{"tactic":{"id":["TA0006"],"name":["Credential Access"]},"technique":{"id":["T1110"],"name":["Brute Force"]},"#
            + #""subtechnique":{"id":["T1110.001"],"name":["Password Guessing"]}}"#
        let alert = try finding(#""x":0"#, rule: rule)
        #expect(alert.techniques == ["T1110", "T1110.001"])
        #expect(alert.techniqueNames == ["Brute Force", "Password Guessing"])
        #expect(alert.tactics == ["Credential Access"])
    }

    @Test(
        "domains are the attacker's where one of ours went there, and nobody's else",
        arguments: [
            (
                #""data":{"src_ip":"10.0.0.5","dest_ip":"203.0.113.9","alert":{},"tls":{"sni":"Evil.Example."},"http":{"hostname":"evil.example"}}"#,
                ["evil.example"]
            ),
            (
                #""data":{"src_ip":"203.0.113.9","dest_ip":"10.0.0.5","alert":{},"http":{"hostname":"www.example.org"}}"#,
                []
            ),
            (
                #""data":{"src_ip":"10.0.0.5","dest_ip":"203.0.113.9","direction":"to_client","alert":{},"http":{"hostname":"www.example.org"}}"#,
                []
            ),
            (
                #""data":{"src_ip":"10.0.0.5","dest_ip":"203.0.113.9","src_port":"80","dest_port":"50123","alert":{},"http":{"hostname":"www.example.org"}}"#,
                []
            ),
            (
                #""data":{"src_ip":"203.0.113.9","dest_ip":"10.0.0.5","direction":"to_client","alert":{},"http":{"hostname":"evil.example"}}"#,
                ["evil.example"]
            ),
            (#""data":{"dns":{"query":[{"rrname":"a.example"},{"rrname":"b.example"}]}}"#, ["a.example", "b.example"]),
            (#""data":{"win":{"eventdata":{"queryName":"c2.evil.example"}}}"#, ["c2.evil.example"]),
            (#""data":{"win":{"eventdata":{"queryName":"localhost"}}}"#, []),
            (#""data":{"dns":{"rrname":"203.0.113.9"},"tls":{"sni":"a..b"}}"#, []),
            (#""data":{"dns":{"rrname":"bücher.example"},"tls":{"sni":"a b.example"}}"#, ["bücher.example"]),
        ] as [(String, [String])])
    func readsDomains(members: String, expected: [String]) throws {
        #expect(try alert(members).domains == expected)
    }

    @Test(
        "users",
        arguments: [
            (#""data":{"srcuser":"root","dstuser":"admin"}"#, ["root", "admin"]),
            (#""data":{"srcuser":"-","dstuser":""}"#, []),
            (
                #""data":{"win":{"eventdata":{"targetUserName":"Administrator","subjectUserName":"-"}}}"#,
                ["Administrator"]
            ),
            (#""data":{"office365":{"UserId":"frank@example.org"}}"#, ["frank@example.org"]),
            (#""data":{"srcuser":"root","dstuser":"root"}"#, ["root"]),
        ] as [(String, [String])])
    func readsUsers(members: String, expected: [String]) throws {
        #expect(try alert(members).users == expected)
    }

    @Test(
        "targets are our own addresses",
        arguments: [
            (
                #""agent":{"ip":"10.0.0.1"},"data":{"srcip":"203.0.113.9","dstip":"10.0.0.2"}"#,
                ["10.0.0.1", "10.0.0.2"]
            ),
            (#""agent":{"ip":"198.51.100.1"},"data":{"srcip":"203.0.113.9","dstip":"198.51.100.2"}"#, ["198.51.100.1"]),
            (#""agent":{"ip":"any"},"data":{"srcip":"10.0.0.3","dstip":"10.0.0.2"}"#, ["10.0.0.2"]),
            (#""data":{"src_ip":"10.0.0.5","dest_ip":"203.0.113.9","alert":{}}"#, ["10.0.0.5"]),
            (#""agent":{"ip":"10.0.0.1"},"data":{"dstip":"10.0.0.1:22"}"#, ["10.0.0.1"]),
            (#""agent":{"name":"x"},"data":{}"#, []),
        ] as [(String, [String])])
    func readsTargets(members: String, expected: [String]) throws {
        #expect(try alert(members).targets.map(\.description) == expected)
    }

    @Test(
        "any field can be asked for by its path",
        arguments: [
            ("rule.level", ["5"]), ("data.id", ["404"]), ("data.list", ["a", "1", "true"]),
            ("data.deep.x", ["1", "2"]),
            ("data.dotted.key", ["3"]), ("data.null", []), ("data", []), ("nothing", []),
        ] as [(String, [String])])
    func readsValues(path: String, expected: [String]) throws {
        let alert = try alert(
            #""data":{"id":"404","list":["a",1,true,null],"deep":[{"x":1},{"x":"2"}],"dotted.key":3,"null":null}"#)
        #expect(alert.values(at: path) == expected)
        #expect(alert.details.values(at: path) == expected)
    }

    @Test(
        "groups are texts, alone or in a list",
        arguments: [
            (#","groups":["a","b"]"#, ["a", "b"]), (#","groups":"a,b""#, ["a,b"]), (#","groups":[]"#, []), ("", []),
            (#","groups":["gr\u00fcn",null,3]"#, ["grün", "3"]),
        ] as [(String, [String])])
    func readsGroups(rule: String, expected: [String]) throws {
        #expect(try alert(#""x":0"#, rule: rule).groups == expected)
    }
}
