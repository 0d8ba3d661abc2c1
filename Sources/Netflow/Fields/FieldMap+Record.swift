import IPAddresses
import JSON
import Pipeline
import Timestamps

extension FieldMap {
    /// A flow document: the record, and the time that windows are asked by.
    struct Document: Equatable {
        let record: FlowRecord
        let time: Timestamp
    }

    /// Reads a document; nil when it is no flow, or has no time.
    func read(_ document: JSONValue) -> Document? {
        guard let sourceAddress = FieldValue(document, at: source.address)?.address,
            let destinationAddress = FieldValue(document, at: destination.address)?.address,
            let transport = first(of: transport, in: document), first(of: counters, in: document) != nil
        else { return nil }
        let ends = times(in: document)
        guard let time = FieldValue(document, at: time.path)?.moment(self.time) ?? ends?.first, let ends else {
            return nil
        }
        let record = FlowRecord(
            from: FlowRecord.Endpoint(sourceAddress, port(document, source)),
            to: FlowRecord.Endpoint(destinationAddress, port(document, destination)),
            transport: transport.transport ?? 0,
            forward: volume(document, source), reverse: volume(document, destination), first: ends.first,
            last: ends.last, flags: first(of: flags, in: document)?.flags ?? [])
        return Document(record: record, time: time)
    }

    private func times(in document: JSONValue) -> (first: Timestamp, last: Timestamp)? {
        guard let first = moment(of: start, in: document) else { return nil }
        var last = moment(of: end, in: document)
        if last == nil, let duration, let span = FieldValue(document, at: duration.path)?.span(duration) {
            last = first + span
        }
        guard let last else { return (first, first) }
        return (min(first, last), last)
    }

    private func moment(of fields: [TimeField], in document: JSONValue) -> Timestamp? {
        for field in fields {
            if let moment = FieldValue(document, at: field.path)?.moment(field) { return moment }
        }
        return nil
    }

    private func first(of paths: [String], in document: JSONValue) -> FieldValue? {
        for path in paths {
            if let value = FieldValue(document, at: path) { return value }
        }
        return nil
    }

    private func port(_ document: JSONValue, _ endpoint: Endpoint) -> Int {
        FieldValue(document, at: endpoint.port)?.port ?? 0
    }

    private func volume(_ document: JSONValue, _ endpoint: Endpoint) -> FlowFindings.Volume {
        FlowFindings.Volume(
            bytes: first(of: endpoint.bytes, in: document)?.count ?? 0,
            packets: first(of: endpoint.packets, in: document)?.count ?? 0)
    }
}
