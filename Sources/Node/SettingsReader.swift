import Model
import Telemetry

/// Reads the members of one JSON object, and tells which are unknown or wrong.
struct SettingsReader {
    struct Failure: Error, Equatable {
        let words: String
    }

    private let place: String
    private let members: [JSONValue.Member]

    init(_ value: JSONValue, at place: String, known: Set<String>) throws(Failure) {
        guard let members = value.members else { throw Failure(words: "\(place) is no object; give {…}") }
        for member in members where !known.contains(member.name) {
            throw Failure(
                words: "\(place) has a member \"\(member.name)\"; known are \(known.sorted().joined(separator: ", "))")
        }
        self.place = place
        self.members = members
    }

    private func value(_ name: String) -> JSONValue? { members.first { $0.name == name }?.value }

    private func refusal(_ name: String, _ accepted: String) -> Failure {
        Failure(words: "\(place).\(name) is not accepted; give \(accepted)")
    }

    func text(_ name: String) throws(Failure) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.string, !text.isEmpty, !text.utf8.contains(0) else { throw refusal(name, "a text") }
        return text
    }

    /// Absolute, so that the directory the node was started in does not matter.
    func path(_ name: String) throws(Failure) -> String {
        guard let path = try text(name), path.hasPrefix("/") else { throw refusal(name, "an absolute path") }
        return path
    }

    func number(_ name: String, in range: ClosedRange<Int>) throws(Failure) -> Int? {
        guard let value = value(name) else { return nil }
        guard let number = value.scalar.flatMap({ Int($0) }), range.contains(number) else {
            throw refusal(name, "\(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func flag(_ name: String) throws(Failure) -> Bool? {
        guard let value = value(name) else { return nil }
        guard let flag = value.bool else { throw refusal(name, "true or false") }
        return flag
    }

    func texts(_ name: String) throws(Failure) -> [String]? {
        guard let value = value(name) else { return nil }
        let texts = value.array?.compactMap(\.string)
        guard let texts, texts.count == value.array?.count else { throw refusal(name, "a list of texts") }
        return texts
    }

    func environment() throws(Failure) -> [String: String] {
        try named("environment") { value, place throws(Failure) in
            guard let text = value.string else { throw Failure(words: "\(place) is not accepted; give a text") }
            return text
        }
    }

    /// An object whose members are named freely.
    func named<T>(
        _ name: String, _ read: (JSONValue, String) throws(Failure) -> T
    ) throws(Failure) -> [String: T] {
        guard let value = value(name) else { return [:] }
        guard let members = value.members else { throw refusal(name, "an object of names") }
        var result: [String: T] = [:]
        for member in members { result[member.name] = try read(member.value, "\(place).\(name).\(member.name)") }
        return result
    }
}

extension CollectorSettings {
    init(_ value: JSONValue) throws(SettingsReader.Failure) {
        self.init()
        let reader = try SettingsReader(value, at: "settings", known: ["exec", "notebooks", "secrets", "rules"])
        programs = try reader.named("exec") { value, place throws(SettingsReader.Failure) in
            try Program(value, at: place)
        }
        notebooks = try reader.named("notebooks") { value, place throws(SettingsReader.Failure) in
            try Notebook(value, at: place)
        }
        secrets = try reader.named("secrets") { value, place throws(SettingsReader.Failure) in
            try Secret(value, at: place)
        }
        if let list = value["rules"] { rules = try ScoreRules(list) }
    }
}

extension CollectorSettings.Program {
    fileprivate init(_ value: JSONValue, at place: String) throws(SettingsReader.Failure) {
        let own = Set(["program", "arguments", "environment", "directory"])
        let reader = try SettingsReader(value, at: place, known: own.union(ProgramLimits.names))
        self.init(path: try reader.path("program"))
        arguments = try reader.texts("arguments") ?? []
        environment = try reader.environment()
        directory = try reader.text("directory")
        try limits.read(reader)
    }
}

extension CollectorSettings.Notebook {
    fileprivate init(_ value: JSONValue, at place: String) throws(SettingsReader.Failure) {
        let own = Set(["path", "papermill", "jupytext", "kernel", "environment"])
        let reader = try SettingsReader(value, at: place, known: own.union(ProgramLimits.names))
        self.init(path: try reader.path("path"))
        if try reader.text("papermill") != nil { papermill = try reader.path("papermill") }
        if try reader.text("jupytext") != nil { jupytext = try reader.path("jupytext") }
        kernel = try reader.text("kernel")
        environment = try reader.environment()
        limits.memory = 4 << 30  // a kernel reserves far more than it uses
        try limits.read(reader)
    }
}

extension ProgramLimits {
    fileprivate static let names: Set<String> = ["time_s", "cpu_s", "memory_mib", "output_mib", "artifacts"]

    fileprivate mutating func read(_ reader: SettingsReader) throws(SettingsReader.Failure) {
        if let seconds = try reader.number("time_s", in: 1...86_400) { time = .seconds(UInt64(seconds)) }
        if let seconds = try reader.number("cpu_s", in: 1...86_400) { cpuSeconds = seconds }
        if let size = try reader.number("memory_mib", in: 16...1_048_576) { memory = size << 20 }
        if let size = try reader.number("output_mib", in: 1...1_048_576) { output = size << 20 }
        if let count = try reader.number("artifacts", in: 1...10_000_000) { artifacts = count }
    }
}

extension CollectorSettings.Secret {
    fileprivate init(_ value: JSONValue, at place: String) throws(SettingsReader.Failure) {
        let reader = try SettingsReader(
            value, at: place, known: ["env", "file", "hosts", "header", "prefix", "allow_http"])
        let environment = try reader.text("env")
        let file = try reader.text("file")
        guard let hosts = try reader.texts("hosts"), !hosts.isEmpty else {
            throw SettingsReader.Failure(words: "\(place).hosts is missing; name the hosts that may hear the secret")
        }
        switch (environment, file) {
        case (let name?, nil): self.init(place: .environment(name), hosts: hosts.map { $0.lowercased() })
        case (nil, let path?): self.init(place: .file(path), hosts: hosts.map { $0.lowercased() })
        default: throw SettingsReader.Failure(words: "\(place) needs env or file, one of them")
        }
        if let header = try reader.text("header") {
            self.header = header
            prefix = ""
        }
        if let prefix = try reader.text("prefix") { self.prefix = prefix }
        allowsHTTP = try reader.flag("allow_http") ?? false
    }
}
