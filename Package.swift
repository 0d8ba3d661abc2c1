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

/// A room that is run, with the files that are part of its binary.
func program(_ name: String, _ dependencies: [Target.Dependency], embedding files: [String]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, resources: files.map(Resource.embedInCode), swiftSettings: strict)
}

/// The tests of a room, in `Tests` under the room's name and `Tests`.
func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, swiftSettings: language)
}

/// A fence around a C library of the system: a module map and a header of inline wrappers.
func fence(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

/// A fuzzer in `Tests/Fuzz`. It links libFuzzer alone, so a build has fuzzers only when `WARNBELL_FUZZ` is set, as
/// `scripts/fuzz` does.
func fuzzer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: "Tests/Fuzz/\(name)",
        swiftSettings: language + [.unsafeFlags(["-parse-as-library"])])
}

let fuzzers: [Target] =
    Context.environment["WARNBELL_FUZZ"] == nil
    ? []
    : [
        fuzzer("FuzzRequests", ["HTTPServer"]),
        fuzzer("FuzzChunked", ["HTTPServer"]),
        fuzzer("FuzzConnection", ["HTTPServer", "CLinux", "IPAddresses"]),
        fuzzer("FuzzJSON", ["JSON"]),
        fuzzer("FuzzAlerts", ["JSON", "Wazuh"]),
    ]

/// Products of the packages we use, by the names that targets depend on.
extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let configuration = product(name: "Configuration", package: "swift-configuration")
    static let coreMetrics = product(name: "CoreMetrics", package: "swift-metrics")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let database = product(name: "GRDB", package: "GRDB.swift")
    static let deques = product(name: "DequeModule", package: "swift-collections")
    static let databaseFence = product(name: "GRDBSQLite", package: "GRDB.swift")
    static let heaps = product(name: "HeapModule", package: "swift-collections")
    static let logging = product(name: "Logging", package: "swift-log")
    static let yams = product(name: "Yams", package: "Yams")
}

let package = Package(
    name: "warnbell",
    products: [.executable(name: "warnbell", targets: ["Warnbell"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        fence("COpenSSL", pkgConfig: "openssl", apt: "libssl-dev"),
        fence("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
        fence("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
        fence("CMaxMindDB", pkgConfig: "libmaxminddb", apt: "libmaxminddb-dev"),
        .systemLibrary(name: "CLinux"),
        room("IPAddresses"),
        room("Timestamps"),
        room("Isolation"),
        room("JSON"),
        room("GeoIP", ["CMaxMindDB", "IPAddresses"]),
        room("HTTPServer", ["CLinux", "COpenSSL", "IPAddresses", "Timestamps", "Isolation"]),
        room("HTTPClient", ["CCurl", "CZlib", "Isolation"]),
        room("Wazuh", ["JSON", "IPAddresses", "Timestamps", .crypto]),
        room("Pipeline", ["Wazuh", "IPAddresses", "Timestamps", "Isolation", .deques, .heaps]),
        room(
            "Journal",
            ["Pipeline", "Wazuh", "IPAddresses", "Timestamps", "Isolation", .database, .databaseFence, .deques]),
        room(
            "MISP",
            ["Pipeline", "Wazuh", "HTTPClient", "GeoIP", "IPAddresses", "Timestamps", "Isolation", .crypto]),
        room(
            "Netflow",
            ["Pipeline", "HTTPClient", "CZlib", "JSON", "IPAddresses", "Timestamps", "Isolation"]),
        program(
            "Warnbell",
            [
                "HTTPServer", "HTTPClient", "Pipeline", "Journal", "MISP", "Netflow", "Wazuh", "GeoIP", "JSON",
                "IPAddresses", "Timestamps", "Isolation", "CLinux",
                .argumentParser, .configuration, .coreMetrics, .crypto, .logging, .yams,
            ],
            embedding: ["Receiver/openapi.yaml"]),

        .target(
            name: "TestKit", dependencies: ["CZlib", "COpenSSL", "Isolation"], path: "Tests/TestKit",
            swiftSettings: language),
        tests("TestKit", ["HTTPClient"]),
        tests("IPAddresses"),
        tests("Timestamps"),
        tests("JSON"),
        tests("GeoIP", ["TestKit", "IPAddresses"]),
        tests("HTTPServer", ["TestKit", "HTTPClient", "CLinux", "IPAddresses", "Isolation"]),
        tests("HTTPClient", ["TestKit", "Isolation"]),
        tests("Netflow", ["TestKit", "HTTPClient", "JSON", "Pipeline", "IPAddresses", "Timestamps"]),
        tests(
            "MISP",
            [
                "TestKit", "Pipeline", "Journal", "Isolation", "Wazuh", "HTTPClient", "GeoIP", "IPAddresses",
                "Timestamps",
            ]),
        tests("Wazuh", ["TestKit", "JSON", "IPAddresses", "Timestamps"]),
        tests("Pipeline", ["TestKit", "Journal", "Wazuh", "IPAddresses", "Timestamps", "Isolation"]),
        tests("Journal", ["TestKit", "Pipeline", "Wazuh", "IPAddresses", "Timestamps", "Isolation"]),
        tests(
            "Warnbell",
            [
                "TestKit", "HTTPClient", "HTTPServer", "Journal", "Pipeline", "Wazuh", "JSON", "IPAddresses",
                "Timestamps", "Isolation", .argumentParser, .coreMetrics, .crypto, .logging, .yams,
            ]),
    ] + fuzzers,
    swiftLanguageModes: [.v6]
)
