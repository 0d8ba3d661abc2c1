extension MISPStandIn.State {
    /// An event as MISP echoes it: numbers are strings, and with `metadata:1` the parts are left out.
    static func answer(for event: MISPStandIn.Event, isBrief: Bool) -> AnyJSON {
        var fields: [String: AnyJSON] = event.fields.mapValues { "\($0)" }
        fields["id"] = "\(event.id)"
        fields["uuid"] = "\(event.uuid)"
        fields["timestamp"] = "\(event.timestamp)"
        fields["published"] = .bool(event.published)
        fields["publish_timestamp"] = "\(event.publishTimestamp)"
        fields["attribute_count"] = "\(event.count)"
        fields["Tag"] = .array(event.tags.map { ["name": "\($0)", "colour": "#ffffff", "local": false] })
        fields["Galaxy"] = []
        guard !isBrief else { return ["Event": .object(fields)] }
        let living = event.attributes.filter { !$0.deleted }
        fields["Attribute"] = .array(living.filter { $0.object == nil }.map(\.json))
        fields["Object"] = .array(
            event.objects.filter { !$0.deleted }.map { object in
                [
                    "uuid": "\(object.uuid)", "name": "\(object.name)", "comment": "\(object.comment)",
                    "distribution": "\(object.distribution)", "timestamp": "\(object.timestamp)",
                    "Attribute": .array(living.filter { $0.object == object.uuid }.map(\.json)),
                ]
            })
        fields["EventReport"] = .array(
            event.reports.filter { !$0.value.deleted }.map { uuid, report in
                [
                    "uuid": "\(uuid)", "name": "\(report.name)", "content": "\(report.content)",
                    "distribution": "\(report.distribution)", "timestamp": "\(report.timestamp)",
                ]
            })
        return ["Event": .object(fields)]
    }

    /// `GET /users/view/me`
    var account: Reply {
        .misp([
            "User": ["id": "7", "email": "warnbell@example.org", "org_id": "3"],
            "Role": [
                "id": "4", "name": "\(role.name)", "perm_add": .bool(role.add), "perm_modify": .bool(role.modify),
                "perm_modify_org": .bool(role.modifyOrganisation),
                "perm_publish": .bool(role.publish), "perm_tagger": .bool(role.tagger),
                "perm_tag_editor": .bool(role.tagEditor), "perm_sighting": .bool(role.sighting),
                "perm_site_admin": false, "enforce_rate_limit": .bool(searchesLeft != nil),
            ],
            "Organisation": ["id": "3", "name": "\(organisation.name)", "uuid": "\(organisation.uuid)"],
        ])
    }

    /// `GET /servers/getVersion`
    var serverVersion: Reply {
        .misp([
            "version": "\(version)", "perm_sync": false, "perm_sighting": .bool(role.sighting),
            "perm_galaxy_editor": false, "request_encoding": readsGzip ? ["gzip"] : [],
        ])
    }

    /// `GET /warninglists`
    var lists: Reply {
        .misp([
            "Warninglists": .array(
                warninglists.keys.sorted().map { ["Warninglist": ["name": "\($0)", "enabled": true]] })
        ])
    }

    /// `POST /warninglists/checkValue`: listed values only.
    func checkValues(_ request: Request) -> Reply {
        guard !hasBrokenWarninglists,
            let values = Self.body(of: request).flatMap({ AnyJSON($0) })?.elements?.compactMap(\.text)
        else {
            return .internalError
        }
        var answer: [String: AnyJSON] = [:]
        for value in values {
            let lists = warninglists.filter { $1.contains(value) }.keys.sorted()
            guard !lists.isEmpty else { continue }
            answer[value] = .array(
                lists.enumerated().map { ["id": "\($0 + 1)", "name": "\($1)", "matched": "\(value)"] })
        }
        return .misp(answer.isEmpty ? [] : .object(answer))
    }

    /// `POST /events/restSearch`: nothing is found, but the searches are counted.
    mutating func search() -> Reply {
        guard let left = searchesLeft else { return .misp(["response": []]) }
        guard left > 0 else { return .rateLimit(reset: 421) }
        searchesLeft = left - 1
        return .misp(["response": []])
    }
}

extension LoopbackServer.Reply {
    /// Too many requests: this many seconds are to pass.
    static func rateLimit(reset seconds: Int) -> Self {
        var reply = failure(429, "Rate limit exceeded.")
        reply.fields += [
            ("X-Rate-Limit-Limit", "100"), ("X-Rate-Limit-Remaining", "0"), ("X-Rate-Limit-Reset", "\(seconds)"),
        ]
        return reply
    }
}

extension MISPStandIn.Attribute {
    /// The attribute as MISP echoes it.
    var json: AnyJSON {
        var fields: [String: AnyJSON] = [
            "id": "\(id)", "uuid": "\(uuid)", "type": "\(type)", "category": "\(category)", "value": "\(value)",
            "comment": "\(comment)", "to_ids": .bool(toIDs), "distribution": "\(distribution)",
            "timestamp": "\(timestamp)", "deleted": .bool(deleted),
        ]
        if let firstSeen { fields["first_seen"] = "\(firstSeen)" }
        if let lastSeen { fields["last_seen"] = "\(lastSeen)" }
        if let relation { fields["object_relation"] = "\(relation)" }
        if !sightings.isEmpty {
            fields["Sighting"] = .array(
                sightings.map { uuid, sighting in
                    [
                        "uuid": "\(uuid)", "date_sighting": "\(sighting.date)", "source": "\(sighting.source)",
                        "type": "\(sighting.type)",
                    ]
                })
        }
        return .object(fields)
    }
}
