import Foundation
import Testing
import Yams

@testable import Warnbell

/// The OpenAPI description that is part of the binary, read as far as a test asks.
struct APIDescription {
    private let root: [String: Any]

    init() throws {
        root = try #require(try Yams.load(yaml: Self.text) as? [String: Any])
    }

    static var text: String { String(decoding: PackageResources.openapi_yaml, as: UTF8.self) }

    var version: String? { (root["info"] as? [String: Any])?["version"] as? String }
    var paths: [String: [String: Any]] { root["paths"] as? [String: [String: Any]] ?? [:] }

    /// The media types of each status that the one operation of a path is described to answer.
    func answers(of path: String) throws -> [Int: Set<String>] {
        let item = try #require(paths[path])
        let operation = try #require(item.values.first as? [String: Any])
        let responses = try #require(operation["responses"] as? [String: [String: Any]])
        var answers: [Int: Set<String>] = [:]
        for (status, response) in responses {
            let content = try resolved(response)["content"] as? [String: Any] ?? [:]
            answers[try #require(Int(status))] = Set(content.keys)
        }
        return answers
    }

    /// What a `$ref` within the description stands for; anything else as it is.
    private func resolved(_ value: [String: Any]) throws -> [String: Any] {
        guard let reference = value["$ref"] as? String else { return value }
        var target: Any? = root
        for part in reference.split(separator: "/").dropFirst() { target = (target as? [String: Any])?[String(part)] }
        return try #require(target as? [String: Any], "\(reference) leads nowhere")
    }
}
