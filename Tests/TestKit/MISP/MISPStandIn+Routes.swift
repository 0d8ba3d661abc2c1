import Foundation

extension MISPStandIn.State {
    typealias Request = LoopbackServer.Request
    typealias Reply = LoopbackServer.Reply

    /// Does what a request asks for, on behalf of the organisation whose key it has.
    mutating func answer(_ request: Request) -> Reply {
        guard request["Authorization"] == MISPStandIn.secondKey else { return answer(own: request) }
        swap(&organisation, &secondOrganisation)
        defer { swap(&organisation, &secondOrganisation) }
        return answer(own: request)
    }

    private mutating func answer(own request: Request) -> Reply {
        if let refusal = refusal(of: request) { return refusal }
        let parts = request.path.split(separator: "/").map(String.init)
        let name = parts.prefix(2).joined(separator: "/")
        let target = parts.dropFirst(2).first { !$0.contains(":") } ?? ""
        let isBrief = parts.contains("metadata:1")
        switch (request.method, name) {
        case ("GET", "users/view"): return account
        case ("GET", "servers/getVersion"): return serverVersion
        case ("GET", "events/view"), ("HEAD", "events/view"): return view(target)
        case ("POST", "events/add"): return writing(request) { $0.add($1, isBrief: isBrief) }
        case ("POST", "events/edit"): return changing(request) { $0.edit(target, $1, isBrief: isBrief) }
        case ("POST", "events/delete"): return changing(request, needsBody: false) { state, _ in state.delete(target) }
        case ("POST", "attributes/edit"): return changing(request) { $0.edit(attribute: target, $1) }
        case ("POST", "attributes/delete"):
            return changing(request, needsBody: false) { state, _ in state.edit(attribute: target, ["deleted": true]) }
        case ("POST", "attributes/add"): return changing(request) { $0.addAttributes(to: target, $1) }
        case ("POST", "sightings/bulkSaveSightings"): return saveSightings(target, request)
        case ("POST", "events/publish"): return publish(target, mails: false)
        case ("POST", "events/alert"): return publish(target, mails: true)
        case ("GET", "events/publish"): return .failure(500, "An Internal Error Has Occurred.")
        case ("GET", "galaxies"): return .misp(.array(galaxies.sorted().map { ["Galaxy": ["type": "\($0)"]] }))
        case ("GET", "warninglists"): return lists
        case ("GET", "objectTemplates/view"):
            return objectTemplates.contains(target)
                ? .misp(["ObjectTemplate": ["uuid": "\(target)"]]) : .failure(404, "Invalid object template")
        case ("POST", "warninglists/checkValue"): return checkValues(request)
        case ("POST", "events/restSearch"), ("POST", "attributes/restSearch"): return search()
        default: return .failure(404, "Not Found")
        }
    }

    /// What is turned away before MISP looks at the action: no key, no JSON wanted, no right.
    private func refusal(of request: Request) -> Reply? {
        guard request.body.count <= largestBody else {
            return .text("<html><body>413 Request Entity Too Large</body></html>", status: 413, type: "text/html")
        }
        guard isLive, request["Accept"] == "application/json" else {
            var reply = Reply.text("", status: 302, type: "text/html; charset=UTF-8")
            reply.fields.append(("Location", "/users/login"))
            return reply
        }
        if access == .disabledUser {
            return .failure(403, "Authentication failed. Your user account has been disabled.")
        }
        if access == .wrongAddress {
            return .failure(403, "It is not possible to use this Auth key from your IP address")
        }
        guard [MISPStandIn.key, MISPStandIn.secondKey].contains(request["Authorization"]) else {
            return .failure(
                403,
                "Authentication failed. Please make sure you pass the API key of an API enabled user along in the "
                    + "Authorization header.")
        }
        return nil
    }

    /// The rules of all calls that change events: the right to, and a body in JSON.
    private mutating func writing(
        _ request: Request, _ action: (inout Self, AnyJSON) -> Reply
    ) -> Reply {
        guard access != .readOnly, role.add else {
            return .failure(403, "You do not have permission to use this functionality.")
        }
        guard let body = Self.body(of: request) else {
            return .failure(400, "Could not decompress the request body.")
        }
        guard request["Content-Type"] == "application/json", !body.isEmpty else {
            return .failure(405, "No valid event data received.")
        }
        guard let json = AnyJSON(body) else {
            return .failure(
                405,
                "Invalid JSON input. Make sure that the JSON input is a correctly formatted JSON string. "
                    + "This request has been blocked to avoid an unfiltered request.")
        }
        return action(&self, json)
    }

    /// The rules of calls that change what is there already.
    private mutating func changing(
        _ request: Request, needsBody: Bool = true, _ action: (inout Self, AnyJSON) -> Reply
    ) -> Reply {
        guard role.mayModify else { return .failure(403, "You do not have permission to use this functionality.") }
        if !needsBody, access != .readOnly { return action(&self, .null) }
        return writing(request, action)
    }

    /// The body without gzip; nil when it is broken.
    static func body(of request: Request) -> [UInt8]? {
        request["Content-Encoding"] == "gzip" ? gunzip(request.body) : request.body
    }
}

extension LoopbackServer.Reply {
    /// An answer as MISP gives it: JSON, and a cookie nobody needs.
    static func misp(_ value: AnyJSON, status: Int = 200) -> Self {
        Self(
            status: status,
            fields: [
                ("Content-Type", "application/json"),
                ("Set-Cookie", "CAKEPHP=0123456789abcdef; path=/; HttpOnly"),
            ], body: value.bytes)
    }

    /// An error in the form of CakePHP's exceptions.
    static func failure(_ status: Int, _ name: String) -> Self {
        .misp(["name": "\(name)", "message": "\(name)", "url": "/"], status: status)
    }

    /// A refusal to save, in the form of MISP's REST component.
    static func unsaved(_ name: String, errors: AnyJSON, status: Int = 403) -> Self {
        .misp(
            ["saved": false, "name": "\(name)", "message": "\(name)", "url": "/", "errors": errors], status: status)
    }
}
