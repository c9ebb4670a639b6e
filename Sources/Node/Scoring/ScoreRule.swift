import Glibc
import Telemetry
import Wire

/// One line of the rules file: what must be true of an artifact, and which scores it then gets. Pure but for the C
/// library's regular expressions.
struct ScoreRule: Sendable, Equatable {
    enum Condition: Sendable, Equatable {
        /// Any of these, whole, in whatever case.
        case words(Set<String>)
        /// A POSIX extended expression, found anywhere.
        case pattern(Pattern)
        /// In JSON content: there is something at the path, or just this.
        case json(path: String, value: String?)
        /// The source begins so.
        case source(String)
        case type(Set<String>)
        case metadata(key: String, value: String)
    }

    var name: String
    var conditions: [Condition]
    var scores: [String: Double]
    /// Later rules are not looked at.
    var isLast = false
}

/// A compiled regular expression. The C library's matching may take time with the square of the text, so only a text's
/// beginning is matched; back references, which cost far more, are refused.
final class Pattern: Sendable, Equatable {
    let text: String
    // Compiled once and only read afterwards; regexec is thread-safe.
    private nonisolated(unsafe) let compiled: UnsafeMutablePointer<regex_t>

    static let longest = 256  // bytes

    /// Nil unless it is an extended expression of bounded size, without back references.
    init?(_ text: String) {
        guard text.utf8.count <= Pattern.longest, !text.utf8.contains(0), !Pattern.isCostly(text) else { return nil }
        let place = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
        place.initialize(to: regex_t())
        guard regcomp(place, text, REG_EXTENDED | REG_ICASE | REG_NOSUB | REG_NEWLINE) == 0 else {
            place.deallocate()
            return nil
        }
        self.text = text
        compiled = place
    }

    deinit {
        regfree(compiled)
        compiled.deallocate()
    }

    static func == (a: Pattern, b: Pattern) -> Bool { a.text == b.text }

    func isFound(in content: String) -> Bool { regexec(compiled, content, 0, nil, 0) == 0 }

    /// Back references, and counts that are copied out into large automata.
    private static func isCostly(_ text: String) -> Bool {
        var last: Unicode.Scalar = " "
        var number = 0
        for scalar in text.unicodeScalars {
            if last == "\\", ("1"..."9").contains(scalar) { return true }
            number = ("0"..."9").contains(scalar) ? min(1_000, number * 10 + Int(scalar.value) - 48) : 0
            if number > 64 { return true }
            last = last == "\\" ? " " : scalar
        }
        return text.count { $0 == "{" } > 2
    }
}

/// The ordered rules of a node. The first rule that is true of an artifact and sets a score decides about that score.
struct ScoreRules: Sendable, Equatable {
    var rules: [ScoreRule] = []

    /// The reason of a score that nobody has thought about yet.
    static let byDefault = "the target's default"
    static let looked = 16 << 10  // bytes of content that words and expressions are looked for in

    /// Sets what the rules say; what none speaks of stays as it is, absent where it was absent.
    func apply(to artifact: inout Proto.Artifact) {
        guard !rules.isEmpty else { return }
        let subject = Subject(artifact)
        // What a program has said of its own artifact is not said again.
        var decided = Set(
            artifact.scoreReasons.filter { !$0.hasSuffix(ScoreRules.byDefault) }
                .compactMap { $0.split(separator: ":").first.map(String.init) })
        for rule in rules where rule.conditions.allSatisfy(subject.meets) {
            for (score, value) in rule.scores.sorted(by: { $0.key < $1.key }) where decided.insert(score).inserted {
                artifact.set(score, value, because: "rule \(rule.name)")
            }
            if rule.isLast { return }
        }
    }

    /// What conditions are asked about, each made ready once and only when it is asked for.
    private final class Subject {
        private let artifact: Proto.Artifact
        private lazy var text = String(decoding: artifact.content.prefix(ScoreRules.looked), as: UTF8.self)
        private lazy var words = Set(text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
        private lazy var json = artifact.contentType == "json" ? JSONValue(artifact.content) : nil

        init(_ artifact: Proto.Artifact) { self.artifact = artifact }

        func meets(_ condition: ScoreRule.Condition) -> Bool {
            switch condition {
            case .words(let wanted): !words.isDisjoint(with: wanted)
            case .pattern(let pattern): pattern.isFound(in: text)
            case .json(let path, nil): json?.at(path) != nil
            case .json(let path, let value?): json?.at(path)?.scalar == value
            case .source(let start): artifact.rawSource.hasPrefix(start)
            case .type(let types): types.contains(artifact.contentType)
            case .metadata(let key, let value): artifact.metadata[key] == value
            }
        }
    }
}

extension ScoreRules {
    static let most = 1_000

    /// An array of objects; see docs/COLLECTORS.md.
    init(_ value: JSONValue) throws(SettingsReader.Failure) {
        guard let list = value.array, list.count <= ScoreRules.most else {
            throw SettingsReader.Failure(words: "rules is no list of at most \(ScoreRules.most); give […]")
        }
        for (index, rule) in list.enumerated() { rules.append(try ScoreRule(rule, at: "rules.\(index)")) }
    }
}

extension ScoreRule {
    private static let scoreNames = ["confidence", "threat_level", "opportunity_value"]

    fileprivate init(_ value: JSONValue, at place: String) throws(SettingsReader.Failure) {
        let known = Set(["name", "words", "pattern", "json", "equals", "source", "type", "metadata", "last"])
        let reader = try SettingsReader(value, at: place, known: known.union(ScoreRule.scoreNames))
        name = try reader.text("name") ?? place
        conditions = []
        scores = [:]
        if let words = try reader.texts("words") { conditions.append(.words(Set(words.map { $0.lowercased() }))) }
        if let text = try reader.text("pattern") {
            guard let pattern = Pattern(text) else {
                throw SettingsReader.Failure(
                    words: "\(place).pattern is not accepted; give a POSIX extended expression of at most "
                        + "\(Pattern.longest) bytes, without back references and with counts up to 64")
            }
            conditions.append(.pattern(pattern))
        }
        if let path = try reader.text("json") { conditions.append(.json(path: path, value: value["equals"]?.scalar)) }
        if let source = try reader.text("source") { conditions.append(.source(source)) }
        if let types = try reader.texts("type") { conditions.append(.type(Set(types))) }
        for member in value["metadata"]?.members ?? [] {
            conditions.append(.metadata(key: member.name, value: member.value.scalar ?? ""))
        }
        for score in ScoreRule.scoreNames {
            guard let number = value[score] else { continue }
            guard let number = number.number, (0...1).contains(number) else {
                throw SettingsReader.Failure(words: "\(place).\(score) is not accepted; give 0 to 1")
            }
            scores[score] = number
        }
        guard !scores.isEmpty else {
            throw SettingsReader.Failure(
                words: "\(place) sets no score; give \(ScoreRule.scoreNames.joined(separator: ", ")) or one of them")
        }
        isLast = try reader.flag("last") ?? false
    }
}
