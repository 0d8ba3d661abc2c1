import FoundationEssentials
import HTTPClient
import Timestamps

extension MISPClient {
    /// Looks at everything of a server that Warnbell needs, changes nothing, and tells what is well and what is not.
    ///
    /// What depends on something that failed is not looked at.
    /// - Parameter isPublishing: whether events are to be published.
    package func survey(isPublishing: Bool) async -> [MISPFinding] {
        let start = ContinuousClock.now
        let response: HTTPClient.Response
        do throws(HTTPClientError) {
            response = try await exchange("GET", "/servers/getVersion", tellsCertificate: true)
        } catch {
            return [MISPFinding(.failed, error.description, fix: error.fix)]
        }
        let connection = MISPConnection(response, took: ContinuousClock.now - start, url: configuration.url)
        var findings: [MISPFinding] = []
        do throws(MISPError) {
            let version = try decode(ServerVersion.self, from: try body(of: response), of: "/servers/getVersion")
            let probe = MISPProbe(version: version, account: try await account())
            let account = probe.account
            findings.append(
                MISPFinding(
                    .fine,
                    "\(version.version), user \(account.user) of \(account.organisation.name), "
                        + "role \(account.role.name)"))
            findings += probe.findings(isPublishing: isPublishing)
        } catch {
            findings.append(MISPFinding(.failed, error.description, fix: error.fix))
            return findings + connection.findings
        }
        findings += connection.findings
        findings.append(await attackPatterns())
        findings.append(await netflowTemplate())
        findings.append(await warninglists())
        return findings
    }

    /// `GET /galaxies`
    private func attackPatterns() async -> MISPFinding {
        struct Entry: Decodable {
            let galaxy: Galaxy

            struct Galaxy: Decodable { let type: String }
            enum CodingKeys: String, CodingKey { case galaxy = "Galaxy" }
        }
        do throws(MISPError) {
            let types = try await get("/galaxies", as: [Entry].self).map(\.galaxy.type)
            guard types.contains("mitre-attack-pattern") else {
                return MISPFinding(
                    .warning, "the galaxy of ATT&CK techniques is not loaded: their tags are plain text there",
                    fix: "in MISP, Galaxies, Update Galaxies, as an administrator")
            }
            return MISPFinding(.fine, "galaxies: \(types.count), ATT&CK techniques among them")
        } catch {
            return MISPFinding(.note, "whether galaxies are loaded can't be seen: \(error)")
        }
    }

    /// `GET /objectTemplates/view/UUID`
    private func netflowTemplate() async -> MISPFinding {
        do throws(MISPError) {
            _ = try await get("/objectTemplates/view/\(Object.Template.netflow.uuid.uuid.lowercase)", as: Ignored.self)
            return MISPFinding(.fine, "object templates: netflow is there")
        } catch .unexpected {
            return MISPFinding(
                .warning, "the object template netflow is not loaded: analysts can't edit its objects there",
                fix: "in MISP, Global Actions, List Object Templates, Update Objects, as an administrator")
        } catch {
            return MISPFinding(.note, "whether object templates are loaded can't be seen: \(error)")
        }
    }

    /// `GET /warninglists`
    private func warninglists() async -> MISPFinding {
        struct Answer: Decodable {
            let lists: [Entry]

            struct Entry: Decodable {
                let list: List

                enum CodingKeys: String, CodingKey { case list = "Warninglist" }
            }
            struct List: Decodable { let enabled: LooseFlag }
            enum CodingKeys: String, CodingKey { case lists = "Warninglists" }
        }
        do throws(MISPError) {
            let lists = try await get("/warninglists", as: Answer.self).lists
            let enabled = lists.count { $0.list.enabled.value }
            guard enabled > 0 else {
                return MISPFinding(
                    .note, "no warninglist is enabled there, of \(lists.count) that are loaded",
                    fix: "in MISP, Input Filters, Warninglists: update them, and enable those you go by")
            }
            return MISPFinding(.fine, "warninglists: \(enabled) enabled")
        } catch {
            return MISPFinding(.note, "whether warninglists are enabled can't be seen: \(error)")
        }
    }
}
