import Timestamps

/// A flow from an attacker to a host of ours, an hour ago, as Elastic's integrations write it.
struct SampleFlow {
    /// In whole seconds.
    let time = Timestamp(seconds: Timestamp.now().seconds - 3600)
    var attacker = "203.0.113.9"
    var host = "10.20.0.10"
    var port = 22

    /// One line, with its end.
    var json: String {
        """
        {"@timestamp":"\(time.iso8601)","source":{"ip":"\(attacker)","port":40000,"bytes":40,"packets":1},\
        "destination":{"ip":"\(host)","port":\(port)},"network":{"transport":"tcp"}}

        """
    }
}
