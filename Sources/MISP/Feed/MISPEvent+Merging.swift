extension MISPEvent {
    /// This event with what `earlier`, which was published before, has beside it.
    ///
    /// Who has lost what was known composes of the alerts since then alone. So nothing leaves that was told, times
    /// reach as far as they did, and what detection systems may act on stays so. Texts with counts are those of
    /// `earlier` until the event is an update, which knows of more than one batch.
    func merged(onto earlier: MISPEvent, isUpdate: Bool) -> MISPEvent {
        var event = self
        event.date = min(date, earlier.date)
        // 1 is the highest level.
        if earlier.threatLevel.rawValue < threatLevel.rawValue { event.threatLevel = earlier.threatLevel }
        if !isUpdate { event.info = earlier.info }
        event.tags = tags + earlier.tags.filter { tag in !tags.contains { $0.name == tag.name } }
        event.attributes = Self.union(attributes, earlier.attributes, \.uuid) { attribute, earlier in
            attribute.merged(onto: earlier, isUpdate: isUpdate)
        }
        event.objects = Self.union(objects, earlier.objects, \.uuid) { object, _ in object }
        event.reports = Self.union(reports, earlier.reports, \.uuid) { isUpdate ? $0 : $1 }
        return event
    }

    private static func union<Part>(
        _ parts: [Part], _ earlier: [Part], _ uuid: (Part) -> WireUUID, merge: (Part, Part) -> Part
    ) -> [Part] {
        let known = Dictionary(earlier.map { (uuid($0), $0) }) { first, _ in first }
        let new = Set(parts.map(uuid))
        return parts.map { part in known[uuid(part)].map { merge(part, $0) } ?? part }
            + earlier.filter { !new.contains(uuid($0)) }
    }
}

extension Attribute {
    fileprivate func merged(onto earlier: Attribute, isUpdate: Bool) -> Attribute {
        var attribute = self
        if !isUpdate { attribute.comment = earlier.comment }
        attribute.toIDs = toIDs || earlier.toIDs
        attribute.firstSeen = [firstSeen, earlier.firstSeen].compactMap(\.self).min { $0.moment < $1.moment }
        attribute.lastSeen = [lastSeen, earlier.lastSeen].compactMap(\.self).max { $0.moment < $1.moment }
        return attribute
    }
}
