/// What a MISP server and a key are like, for people who set Warnbell up.
package struct MISPProbe: Sendable, Equatable {
    package let version: ServerVersion
    package let account: Account

    /// The rights of the key's role.
    ///
    /// - Parameter isPublishing: whether events are to be published.
    package func findings(isPublishing: Bool) -> [MISPFinding] {
        let role = account.role
        let rights: [(has: Bool, name: String, word: String, without: String)] = [
            (role.mayAdd, "perm_add", "add events", "nothing can be sent"),
            (role.mayModify, "perm_modify", "change events", "nothing can be sent twice"),
            (role.mayPublish, "perm_publish", "publish", "events stay unpublished"),
            (role.mayTag, "perm_tagger", "tag", "events go without TLP and ATT&CK tags"),
            (
                role.mayCreateTags, "perm_tag_editor", "make tags",
                "tags that the server does not have yet are left out, those of ATT&CK techniques that nobody used "
                    + "before included"
            ),
            (role.maySight, "perm_sighting", "add sightings", "repetition is not shown"),
        ]
        var findings: [MISPFinding] = []
        let held = rights.filter(\.has).map(\.word)
        if !held.isEmpty { findings.append(MISPFinding(.fine, "the role may \(held.joined(separator: ", "))")) }
        for right in rights where !right.has {
            // Who may not tag at all need not hear that it may not make tags; who does not publish need no right to.
            if right.name == "perm_tag_editor" && !role.mayTag || right.name == "perm_publish" && !isPublishing {
                continue
            }
            let isVital = ["perm_add", "perm_modify"].contains(right.name)
            findings.append(
                MISPFinding(
                    isVital ? .failed : .warning,
                    "the role \(role.name) may not \(right.word) (\(right.name)): \(right.without)",
                    fix: "in MISP, give the role that right, or the user another role"))
        }
        if role.isSiteAdministrator {
            findings.append(
                MISPFinding(
                    .warning, "the key is a site administrator's: whoever reads it here may do anything there",
                    fix: "a user with the role Publisher and the right to make tags is enough"))
        }
        return findings
    }
}

extension MISPClient {
    /// Asks the server who it is and what the key may do.
    package func probe() async throws(MISPError) -> MISPProbe {
        MISPProbe(version: try await version(), account: try await account())
    }
}
