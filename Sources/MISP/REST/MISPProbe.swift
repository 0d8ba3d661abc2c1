/// What a MISP server and a key are like, for people who set Warnbell up.
package struct MISPProbe: Sendable, Equatable {
    package let version: ServerVersion
    package let account: Account

    /// What will not work as it should, and what to do about it; empty when all is well.
    ///
    /// - Parameter isPublishing: whether events are to be published.
    package func warnings(isPublishing: Bool) -> [String] {
        let role = account.role
        var warnings: [String] = []
        func warn(_ isWrong: Bool, _ text: String) {
            if isWrong { warnings.append(text) }
        }
        warn(!role.mayAdd, "the role \(role.name) may not add events (perm_add): nothing can be sent")
        warn(
            !role.mayModify, "the role \(role.name) may not change events (perm_modify): nothing can be sent twice")
        warn(!role.mayTag, "the role \(role.name) may not tag (perm_tagger): events go without tlp and ATT&CK tags")
        warn(
            role.mayTag && !role.mayCreateTags,
            "the role \(role.name) may not make tags (perm_tag_editor): tags that the server does not have yet are "
                + "left out, those of ATT&CK techniques that nobody used before included")
        warn(!role.maySight, "the role \(role.name) may not add sightings (perm_sighting): repetition is not shown")
        warn(
            isPublishing && !role.mayPublish,
            "the role \(role.name) may not publish (perm_publish): events stay unpublished")
        warn(
            role.isSiteAdministrator,
            "the key is a site administrator's: a user with the role Publisher and the right to make tags is enough")
        return warnings
    }
}

extension MISPClient {
    /// Asks the server who it is and what the key may do.
    package func probe() async throws(MISPError) -> MISPProbe {
        MISPProbe(version: try await version(), account: try await account())
    }
}
