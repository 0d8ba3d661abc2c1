extension MISPEvent {
    /// The event as it is once it is taken back: nothing in it is for detection systems, and of a revoked one nothing is
    /// left. What changes gets the time.
    func withdrawn(isRevoked: Bool, at time: WireSeconds) -> MISPEvent {
        var event = self
        event.attributes = attributes.map { $0.withdrawn(isRevoked: isRevoked, at: time) }
        event.objects = objects.map { object in
            var object = object
            object.attributes = object.attributes.map { $0.withdrawn(isRevoked: isRevoked, at: time) }
            guard isRevoked, object.deleted != true else { return object }
            object.deleted = true
            object.timestamp = time
            return object
        }
        event.reports = reports.map { report in
            guard isRevoked, report.deleted != true else { return report }
            var report = report
            report.deleted = true
            report.timestamp = time
            return report
        }
        return event
    }

    /// The event with all its parts there again, for whoever has them as deleted.
    func restored() -> MISPEvent {
        var event = self
        for index in event.attributes.indices { event.attributes[index].deleted = false }
        for index in event.objects.indices {
            event.objects[index].deleted = false
            for inner in event.objects[index].attributes.indices {
                event.objects[index].attributes[inner].deleted = false
            }
        }
        for index in event.reports.indices { event.reports[index].deleted = false }
        return event
    }
}

extension Attribute {
    fileprivate func withdrawn(isRevoked: Bool, at time: WireSeconds) -> Attribute {
        guard toIDs || isRevoked && deleted != true else { return self }
        var attribute = self
        attribute.toIDs = false
        if isRevoked { attribute.deleted = true }
        attribute.timestamp = time
        return attribute
    }
}
