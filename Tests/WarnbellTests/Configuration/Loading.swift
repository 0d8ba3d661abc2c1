import Foundation
import TestKit

@testable import Warnbell

/// Loads a configuration from a file with that text, if there is one, and those variables.
///
/// - Returns: the configuration, or the problems; the folder's own path is written as `DIR`.
func load(
    _ yaml: String? = nil, _ environment: [String: String] = [:], in folder: TemporaryFolder? = nil
) throws -> (loaded: LoadedConfiguration?, problems: [String]) {
    let folder = try folder ?? TemporaryFolder()
    let file = try yaml.map { try folder.write($0, to: "warnbell.yaml") }
    let loader = ConfigurationLoader(environment: environment, usualFile: "\(folder.path)/usual.yaml")
    do {
        return (try loader.load(file), [])
    } catch {
        return (nil, error.problems.map { "\($0)".replacing(folder.path, with: "DIR") })
    }
}
