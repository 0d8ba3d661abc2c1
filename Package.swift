// swift-tools-version: 6.2
import PackageDescription

/// Settings of tests: the same language, but C calls in an expectation need no ceremony.
let language: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),  // SE-0335
    .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
    .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
]

/// Settings of every target that ships: the upcoming language features we rely on, memory safety that is checked,
/// and warnings that stop the build.
let strict: [SwiftSetting] =
    language + [
        .strictMemorySafety(),  // SE-0458
        .treatAllWarnings(as: .error),  // SE-0480
        .treatWarning("DeprecatedDeclaration", as: .warning),
    ]

/// A room of the house: one target in `Sources` under its own name.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of a room, in `Tests` under the room's name and `Tests`.
func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, swiftSettings: language)
}

let package = Package(
    name: "warnbell",
    dependencies: [],
    targets: [
        room("IPAddresses"),
        room("Timestamps"),
        room("Isolation"),
        room("Wazuh", ["IPAddresses", "Timestamps"]),
        room("Pipeline", ["Wazuh", "IPAddresses", "Timestamps"]),

        tests("IPAddresses"),
        tests("Timestamps"),
    ],
    swiftLanguageModes: [.v6]
)
