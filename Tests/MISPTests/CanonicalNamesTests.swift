import Foundation
import IPAddresses
import Pipeline
import Testing
import Timestamps

@testable import MISP

/// Every UUID was made with Python's `uuid.uuid5`. None of them may ever change.
struct CanonicalNamesTests {
    static let namespace = Sample.uuid("a157d36f-3dcc-5b2f-9e4e-ee91685fd48f")
    static let event = Sample.uuid("3c0dfd3a-01a3-5383-b515-5000af10ac2b")

    @Test(
        "Version 5 UUIDs are those of every other implementation",
        arguments: [
            ("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "python.org", "886313e1-3b8a-5372-9b90-0c9aee199e5d"),
            ("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com", "2ed6657d-e927-568b-95e1-2665a8aea6a2"),
            ("6ba7b811-9dad-11d1-80b4-00c04fd430c8", "http://example.org/ä–\n", "c0ff90c8-d1eb-58e8-bbcd-fb6ea8ae243d"),
            ("00000000-0000-0000-0000-000000000000", "", "e129f27c-5103-5c5c-844b-cdf0a15e160d"),
        ])
    func version5(namespace: String, name: String, expected: String) {
        #expect(UUID(version5: name, in: Sample.uuid(namespace)).lowercase == expected)
    }

    @Test(
        "An installation has a namespace of its own",
        arguments: [
            ("warnbell", "a157d36f-3dcc-5b2f-9e4e-ee91685fd48f"), ("bureau", "4d23cc19-6615-5a8e-83ba-fbe1668f8fad"),
        ])
    func namespace(installation: String, expected: String) {
        let namespace = EventName.namespace(of: Sample.organisation, installation: installation)
        #expect(namespace.lowercase == expected)
    }

    @Test(
        "An event is named by its source, its window and its part",
        arguments: [
            ("203.0.113.9", 1_793_664_000, 0, "3c0dfd3a-01a3-5383-b515-5000af10ac2b"),
            ("203.0.113.9", 1_793_664_000, 1, "14d6a3e5-3bfc-5547-94eb-1c93da63a41b"),
            ("::ffff:203.0.113.9", 1_793_664_000, 0, "3c0dfd3a-01a3-5383-b515-5000af10ac2b"),
            ("2001:db8:1:2:aaaa::1", 1_793_664_000, 0, "32fc2a6d-e579-5fe4-85c5-5800e15c7c6a"),
            ("198.51.100.7", 0, 0, "2abcd457-4f10-57e5-8e57-499687082845"),
            ("198.51.100.7", -2_592_000, 0, "c7bfaaac-71a8-59e8-9bc4-44bf2e6c06a9"),
        ] as [(String, Int64, Int, String)])
    func event(source: String, start: Int64, part: Int, expected: String) {
        let event = EventName.event(
            of: SourceKey(Sample.address(source)), windowStart: Timestamp(seconds: start), part: part,
            in: Self.namespace)
        #expect(event.lowercase == expected)
    }

    @Test(
        "An item is named by its kind and content",
        arguments: [
            (.attribute(type: "ip-src", value: "203.0.113.9"), "4664a494-b577-5cdb-9250-92203c2363f5", .attribute),
            (.attribute(type: "uri", value: "/wp-login.php"), "db0b2b6d-3e71-540d-a91f-7360ca5edc1d", .attribute),
            (
                .attribute(type: "user-agent", value: "curl/8 | ü"), "3bffb3da-3f7c-5b2a-9305-110d9cbb5d98",
                .attribute
            ),
            (
                .object(template: "netflow", key: "203.0.113.9|10.0.0.5|6|22|attacker"),
                "f471efe3-8273-5068-9b9b-42c0a5b7e371", .object
            ),
            (
                .objectAttribute(
                    object: Sample.uuid("f471efe3-8273-5068-9b9b-42c0a5b7e371"), relation: "dst-port", index: 0),
                "c9efda56-42e8-5275-a7a7-22a5b04707bc", .objectAttribute
            ),
            (
                .object(template: "http-request", key: "GET|uri|/wp-login.php"),
                "ca22b275-e531-55fc-b0a0-fed245dee189", .object
            ),
            (
                .reference(
                    object: Sample.uuid("f471efe3-8273-5068-9b9b-42c0a5b7e371"), relationship: "initiated-by",
                    target: Sample.uuid("4664a494-b577-5cdb-9250-92203c2363f5")),
                "512f5d1b-5972-56de-9e0e-c419d4c52e1b", .reference
            ),
            (.report("public"), "8e4a3c2e-8ffa-55a3-85b9-e7919e40c413", .report),
            (.report("internal"), "57b938fd-74fc-5231-b219-3320f90d0d83", .report),
            (
                .sighting(type: "ip-src", value: "203.0.113.9", batch: Sample.batchID),
                "0eff2b71-b8b8-5772-b463-bd9ebf5c8574", .sighting
            ),
            (.tag("tlp:amber"), "98036994-227c-5624-87b2-ff44c4839ba4", .tag),
        ] as [(ItemName, String, ItemKind)])
    func item(name: ItemName, expected: String, kind: ItemKind) {
        #expect(name.id(in: Self.event).lowercase == expected)
        #expect(ItemKind(key: name.key) == kind)
    }

    @Test("A value that begins with a combining character hides no kind")
    func combining() {
        #expect(ItemKind(key: ItemName.tag("\u{301}x").key) == .tag)
    }
}
