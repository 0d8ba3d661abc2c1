extension FieldMap {
    /// The schemas that are known, the ones that say most first.
    static let all: [FieldMap] = [ecs]

    /// Elastic Common Schema as Filebeat's netflow input and Elastic's `netflow.log` write it.
    ///
    /// `event.start` and `event.end` are there only where the exporter dates flows by its uptime; IPFIX's absolute
    /// times stay under `netflow`. `destination.bytes` is there only in biflows.
    static let ecs = FieldMap(
        name: "ecs",
        source: Endpoint(
            address: "source.ip", port: "source.port", bytes: ["source.bytes", "network.bytes"],
            packets: ["source.packets", "network.packets"]),
        destination: Endpoint(
            address: "destination.ip", port: "destination.port", bytes: ["destination.bytes"],
            packets: ["destination.packets"]),
        transport: ["network.iana_number", "network.transport"],
        flags: ["netflow.tcp_control_bits"],
        start: ["event.start", "netflow.flow_start_milliseconds", "@timestamp"],
        end: ["event.end", "netflow.flow_end_milliseconds", "@timestamp"],
        time: "@timestamp")
}
