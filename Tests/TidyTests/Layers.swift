/// Rules on who may import whom: the package's dependencies as a table of layers.
enum Layers {
    /// Top to bottom as in docs/ARCHITECTURE.md, lowest first. A module imports from lower layers, and from its own
    /// only what `neighbours` lists.
    static let layers: [(name: String, modules: Set<String>)] = [
        ("pure", ["Model", "Wire"]),
        ("support", ["Telemetry", "Lifecycle"]),
        ("adapters", ["Compression", "Sealing", "Normalisation", "Storage", "Transport", "Fetching", "Markup"]),
        ("roles", ["Coordinator", "Orchestrator", "Node"]),
        ("around", ["Chaos", "Evidence", "Console", "Hub", "DemoSite"]),
        ("proof", ["TestKit", "FuzzKit", "Benchmarks", "Simulation"]),
        ("entry", ["rookery", "wiregen", "simulate", "fuzz", "libfuzzer"]),
    ]

    static let neighbours: [String: Set<String>] = [
        "Wire": ["Model"],
        "Lifecycle": ["Telemetry"],
        "Fetching": ["Transport"],
        "Hub": ["Chaos", "Evidence", "Console"],
        "Simulation": ["TestKit"],
    ]

    /// Each C library has one module that gives it a Swift face.
    static let adapters: [String: Set<String>] = [
        "CEvent": ["Transport"],
        // The bench compares with SQLite by itself, without our face of it.
        "CSQLite": ["Storage", "Benchmarks"],
        "CZstd": ["Compression"],
        "COpenSSL": ["Sealing"],
        "CUTF8Proc": ["Normalisation"],
        "CCurl": ["Fetching"],
        "CXML2": ["Markup"],
        "CZlib": ["Compression"],
    ]

    static let platform: Set<String> = ["Glibc", "Synchronization"]
    static let usersOfTestKit: Set<String> = ["Simulation", "simulate"]

    static func imports(_ file: SourceFile) -> [Finding] {
        guard file.isSwift, file.isSource, let module = file.module else { return [] }
        guard let level = level(of: module) else {
            return [
                Finding(file.path, 1, "\(module) stands in no layer; give it a place in Tests/TidyTests/Layers.swift")
            ]
        }
        return file.code.indices.compactMap { index in
            guard let name = importedModule(file.code[index]), name != module,
                let reason = refusal(of: name, in: module, level: level)
            else { return nil }
            return Finding(file.path, index + 1, "import \(name): \(reason)")
        }
    }

    static func importedModule(_ line: String) -> String? {
        var words = line.split(separator: " ").drop { $0.hasPrefix("@") || $0 == "package" || $0 == "public" }
        guard words.first == "import" else { return nil }
        words.removeFirst()
        if let kind = words.first, ["struct", "class", "enum", "func", "protocol"].contains(kind) {
            words.removeFirst()
        }
        return words.first?.split(separator: ".").first.map(String.init)
    }

    private static func level(of module: String) -> Int? { layers.firstIndex { $0.modules.contains(module) } }

    private static func refusal(of name: String, in module: String, level: Int) -> String? {
        if platform.contains(name) { return nil }
        if let owners = adapters[name] {
            let owner = owners.sorted().joined(separator: ", ")
            return owners.contains(module) ? nil : "only \(owner) may import it; ask \(owner) for what is needed"
        }
        if name == "TestKit" {
            return usersOfTestKit.contains(module) ? nil : "nothing that ships may use test help"
        }
        guard let other = Layers.level(of: name) else {
            return "costs start-up time and memory; use Glibc, Synchronization and the standard library"
        }
        if other < level || neighbours[module, default: []].contains(name) { return nil }
        if other == level, layers[level].name == "roles" {
            return "roles never import each other; meet in Wire or in a protocol in Model"
        }
        return "\(layers[other].name) is not below \(layers[level].name); turn the dependency round"
    }
}
