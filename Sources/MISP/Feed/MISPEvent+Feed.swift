import Timestamps

extension MISPEvent {
    /// The event as a feed's file has it: with its maker and its times, published, without distributions of parts.
    ///
    /// MISP gives a feed's events the distribution set for the feed. The event's own is kept for those who import the
    /// file by hand.
    func asFeedEvent(by organisation: Organisation, at moment: Timestamp) -> MISPEvent {
        var event = self
        event.creator = Creator(organisation)
        event.published = true
        event.extends = ""
        event.protected = false
        if distribution == .sharingGroup {
            // Its number means something on our own server only.
            event.distribution = .organisation
            event.sharingGroup = nil
        }
        event.attributes = attributes.map(\.undistributed)
        event.objects = objects.map { object in
            var object = object
            object.distribution = nil
            object.attributes = object.attributes.map(\.undistributed)
            return object
        }
        event.reports = reports.map { report in
            var report = report
            report.distribution = nil
            return report
        }
        return event.changed(at: WireSeconds(moment))
    }

    /// The same with another time.
    func changed(at moment: WireSeconds) -> MISPEvent {
        var event = self
        event.timestamp = moment
        event.publishTimestamp = moment
        return event
    }
}

extension Attribute {
    fileprivate var undistributed: Attribute {
        var attribute = self
        attribute.distribution = nil
        return attribute
    }
}
