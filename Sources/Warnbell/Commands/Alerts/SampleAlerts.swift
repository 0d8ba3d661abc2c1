import Timestamps

/// Alerts to try a receiver with: documentation addresses and the present time, so every run is new to it, and the
/// events are marked as tests.
enum SampleAlerts {
    /// The samples as Wazuh 4.x writes them, one object each.
    static func all(at now: Timestamp) -> [String] {
        samples.enumerated().map { index, sample in
            sample.replacing("@TIME@", with: "\(now.iso8601.dropLast())+0000")
                .replacing("@ID@", with: "\(now.seconds).\(now.milliseconds % 1000 * 100 + Int64(index))")
                .replacing("\n", with: "")
        }
    }

    private static let samples = [
        // Shared: somebody guesses passwords.
        #"""
        {"timestamp":"@TIME@","rule":{"level":10,"description":"sshd: brute force trying to get access to the system.",
        "id":"5712","mitre":{"id":["T1110"],"tactic":["Credential Access"],"technique":["Brute Force"]},"frequency":8,
        "firedtimes":1,"mail":false,"groups":["syslog","sshd","authentication_failures"]},
        "agent":{"id":"001","name":"gate","ip":"10.20.0.10"},"manager":{"name":"manager"},"id":"@ID@",
        "full_log":"sshd[4021]: Failed password for invalid user admin from 203.0.113.9 port 40022 ssh2",
        "decoder":{"parent":"sshd","name":"sshd"},"data":{"srcip":"203.0.113.9","srcuser":"admin"},
        "location":"journald"}
        """#,
        // Shared, but nobody should block on it alone: one attempt at SQL injection.
        #"""
        {"timestamp":"@TIME@","rule":{"level":7,"description":"SQL injection attempt.","id":"31103",
        "mitre":{"id":["T1190"],"tactic":["Initial Access"],"technique":["Exploit Public-Facing Application"]},
        "firedtimes":1,"mail":false,"groups":["web","accesslog","attack","sql_injection"]},
        "agent":{"id":"002","name":"shop","ip":"10.20.0.15"},"manager":{"name":"manager"},"id":"@ID@",
        "full_log":"198.51.100.23 - - [20/Nov/2026:08:20:00 +0000] \"GET /item?id=1%27 HTTP/1.1\" 200 4523 \"-\" \"sqlmap\"",
        "decoder":{"name":"web-accesslog"},
        "data":{"protocol":"GET","srcip":"198.51.100.23","id":"200","url":"/item?id=1%27"},
        "location":"/var/log/nginx/access.log"}
        """#,
        // Held: one who guessed got in.
        #"""
        {"timestamp":"@TIME@","rule":{"level":12,"description":"Multiple authentication failures followed by a success.",
        "id":"40112","mitre":{"id":["T1078","T1110"],"tactic":["Initial Access","Credential Access"],
        "technique":["Valid Accounts","Brute Force"]},"firedtimes":1,"mail":true,
        "groups":["syslog","attacks","authentication_success"]},
        "agent":{"id":"001","name":"gate","ip":"10.20.0.10"},"manager":{"name":"manager"},"id":"@ID@",
        "full_log":"sshd[4022]: Accepted password for backup from 192.0.2.150 port 40100 ssh2",
        "decoder":{"parent":"sshd","name":"sshd"},"data":{"srcip":"192.0.2.150","dstuser":"backup"},
        "location":"journald"}
        """#,
        // Ignored: noise that no policy rule asks for.
        #"""
        {"timestamp":"@TIME@","rule":{"level":3,"description":"Dovecot: session disconnected.","id":"9706",
        "firedtimes":1,"mail":false,"groups":["dovecot"]},"agent":{"id":"003","name":"mail","ip":"10.20.0.25"},
        "manager":{"name":"manager"},"id":"@ID@","decoder":{"name":"dovecot"},"data":{"srcip":"198.51.100.99"},
        "location":"/var/log/mail.log"}
        """#,
    ]
}
