import FoundationEssentials

/// Whose key it is: MISP's answer to `users/view/me`.
package struct Account: Sendable, Equatable, Decodable {
    /// The user's e-mail address, which is the login name.
    package let user: String
    package let organisation: Organisation
    package let role: Role

    /// What the user's role may do.
    package struct Role: Sendable, Equatable, Decodable {
        package let name: String
        /// Make events.
        package let mayAdd: Bool
        /// Change own events or those of the whole organisation.
        package let mayModify: Bool
        package let mayPublish: Bool
        /// Attach tags that exist.
        package let mayTag: Bool
        /// Make tags that do not exist yet, galaxy clusters' included.
        package let mayCreateTags: Bool
        package let maySight: Bool
        package let isSiteAdministrator: Bool

        enum CodingKeys: String, CodingKey {
            case name
            case mayAdd = "perm_add"
            case mayModify = "perm_modify"
            case mayModifyOrganisation = "perm_modify_org"
            case mayPublish = "perm_publish"
            case mayTag = "perm_tagger"
            case mayCreateTags = "perm_tag_editor"
            case maySight = "perm_sighting"
            case isSiteAdministrator = "perm_site_admin"
        }

        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            func may(_ key: CodingKeys) throws -> Bool {
                try container.decodeIfPresent(LooseFlag.self, forKey: key)?.value ?? false
            }
            name = try container.decode(String.self, forKey: .name)
            mayAdd = try may(.mayAdd)
            mayModify = try may(.mayModify) || may(.mayModifyOrganisation)
            mayPublish = try may(.mayPublish)
            mayTag = try may(.mayTag)
            mayCreateTags = try may(.mayCreateTags)
            maySight = try may(.maySight)
            isSiteAdministrator = try may(.isSiteAdministrator)
        }
    }

    private enum CodingKeys: String, CodingKey {
        case user = "User"
        case organisation = "Organisation"
        case role = "Role"
    }

    private struct User: Decodable { let email: String }

    private struct Owner: Decodable {
        let name: String
        let uuid: UUID
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        user = try container.decode(User.self, forKey: .user).email
        let owner = try container.decode(Owner.self, forKey: .organisation)
        organisation = Organisation(name: owner.name, uuid: owner.uuid)
        role = try container.decode(Role.self, forKey: .role)
    }
}

/// MISP's answer to `servers/getVersion`.
package struct ServerVersion: Sendable, Equatable, Decodable {
    package let version: String

    /// Content codings that requests may have: `gzip`.
    package let requestEncodings: [String]

    private enum CodingKeys: String, CodingKey {
        case version
        case requestEncodings = "request_encoding"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        version = try container.decode(String.self, forKey: .version)
        requestEncodings = try container.decodeIfPresent([String].self, forKey: .requestEncodings) ?? []
    }
}
