// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
    // Planted bugs prove that the simulator sees; they exist in no other build (see docs/SIMULATION.md).
    .define("PLANTED_BUGS", .when(traits: ["PlantedBugs"])),
]

/// A C library enters through one system module: a module map and one header.
func system(_ name: String, _ pkgConfig: String?, _ package: String) -> Target {
    .systemLibrary(name: name, path: "Sources/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

func module(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(name)", exclude: exclude, swiftSettings: strict)
}

func tool(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: "Sources/\(name)", exclude: exclude, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: exclude, swiftSettings: strict)
}

// Layers, top to bottom; a module depends only on modules listed above it.
let package = Package(
    name: "rookery",
    products: [
        .executable(name: "rookery", targets: ["rookery"]),
        .executable(name: "simulate", targets: ["simulate"]),
    ],
    traits: [.trait(name: "PlantedBugs", description: "Known bugs for the simulator to find; never for use.")],
    targets: [
        system("CEvent", "libevent", "libevent-dev"),
        system("CSQLite", "sqlite3", "libsqlite3-dev"),
        system("CZstd", "libzstd", "libzstd-dev"),
        system("COpenSSL", "libcrypto", "libssl-dev"),
        system("CUTF8Proc", nil, "libutf8proc-dev"),
        system("CCurl", "libcurl", "libcurl4-openssl-dev"),
        system("CZlib", "zlib", "zlib1g-dev"),
        system("CXML2", "libxml-2.0", "libxml2-dev"),
        // pure
        module("Model"),
        module("Wire", ["Model"], exclude: ["rookery.proto"]),
        // support
        module("Lifecycle", ["Model", "Telemetry"]),
        module("Telemetry", ["Model"]),
        // adapters
        module("Compression", ["Model", "CZstd", "CZlib"]),
        module("Sealing", ["COpenSSL"]),
        module("Normalisation", ["CUTF8Proc"]),
        module("Storage", ["Model", "CSQLite"]),
        module("Transport", ["Model", "Wire", "Lifecycle", "Telemetry", "CEvent"]),
        module("Fetching", ["Model", "Transport", "CCurl"]),
        module("Markup", ["CXML2"]),
        // roles
        module(
            "Coordinator",
            [
                "Model", "Wire", "Lifecycle", "Telemetry", "Storage", "Compression", "Sealing", "Normalisation",
                "Transport", "Fetching",
            ],
            exclude: ["ledger.proto"]),
        module(
            "Orchestrator", ["Model", "Wire", "Lifecycle", "Telemetry", "Storage", "Sealing"],
            exclude: ["orchestrator.proto"]),
        module(
            "Node",
            [
                "Model", "Wire", "Lifecycle", "Telemetry", "Storage", "Compression", "Transport", "Fetching", "Markup",
            ]),
        // around
        module("Chaos", ["Model", "Wire"]),
        module(
            "Hub",
            [
                "Model", "Wire", "Lifecycle", "Telemetry", "Storage", "Transport", "Coordinator", "Orchestrator",
                "Chaos",
            ]),
        module("DemoSite", ["Model", "Transport"]),
        // proof and entry
        module("TestKit", ["Model", "Lifecycle", "Storage"]),
        module(
            "Benchmarks",
            [
                "Model", "Wire", "Lifecycle", "Telemetry", "Transport", "Compression", "Sealing", "Storage",
                "Coordinator", "CSQLite",
            ]),
        module(
            "Simulation",
            [
                "Model", "Wire", "Storage", "Compression", "Sealing", "Coordinator", "Orchestrator", "Node", "Hub",
            ]),
        tool("simulate", ["Simulation"]),
        tool("wiregen", ["Wire"]),
        module("FuzzKit", ["Model", "Wire", "Telemetry", "Markup", "Node"]),
        tool("fuzz", ["FuzzKit", "Model", "Wire"]),
        tool(
            "rookery",
            [
                "Model", "Wire", "Lifecycle", "Telemetry", "Transport", "Compression", "Sealing", "Storage",
                "Coordinator", "Orchestrator", "Node", "Chaos", "Hub", "DemoSite", "Benchmarks",
            ]),
        // tests
        tests("ModelTests", ["Model", "TestKit"]),
        tests("WireTests", ["Wire", "Model", "TestKit", "FuzzKit", "wiregen"]),
        tests("LifecycleTests", ["Lifecycle", "Telemetry", "Model", "TestKit"]),
        tests("TelemetryTests", ["Telemetry", "Model", "TestKit"]),
        tests("CompressionTests", ["Compression", "Model", "TestKit"]),
        tests("SealingTests", ["Sealing", "TestKit"]),
        tests("NormalisationTests", ["Normalisation", "TestKit"]),
        tests("StorageTests", ["Storage", "Model", "TestKit"]),
        tests("TransportTests", ["Transport", "Wire", "Model", "Lifecycle", "Telemetry", "Compression", "TestKit"]),
        tests(
            "CoordinatorTests",
            [
                "Coordinator", "Wire", "Model", "Storage", "Sealing", "Compression", "Lifecycle", "Telemetry",
                "Transport", "TestKit",
            ]),
        tests("OrchestratorTests", ["Orchestrator", "Wire", "Model", "Storage", "Telemetry", "TestKit"]),
        tests("ChaosTests", ["Chaos", "Model", "Wire", "TestKit"]),
        tests("HubTests", ["Hub", "Coordinator", "Model", "Wire", "TestKit"]),
        tests(
            "NodeTests",
            [
                "Node", "Wire", "Model", "Lifecycle", "Telemetry", "Storage", "Compression", "Transport", "Fetching",
                "Markup", "TestKit",
            ]),
        tests("MarkupTests", ["Markup"]),
        tests("SimulationTests", ["Simulation", "Model", "simulate"]),
        tests("DemoSiteTests", ["DemoSite", "Model", "Transport", "TestKit"]),
        tests(
            "ProcessTests",
            [
                "rookery", "Wire", "Model", "Lifecycle", "Transport", "Compression", "Storage", "TestKit", "FuzzKit",
            ]),
        tests("TidyTests", []),
    ],
    swiftLanguageModes: [.v6]
)

// libFuzzer brings its own main: `scripts/fuzz` builds this, an ordinary build could not link it.
if Context.environment["ROOKERY_LIBFUZZER"] != nil {
    package.targets.append(
        .executableTarget(
            name: "libfuzzer", dependencies: ["FuzzKit"], path: "Sources/libfuzzer",
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]))
}
