import Fetching
import Model
import Telemetry
import Wire

/// A program named in the node's settings: the target on its standard input, artifacts from its standard output.
final class ExecCollector: Collector {
    private let assignment: Proto.Assignment
    private let tools: CollectorTools
    private var program: Program?
    private var limits = ProgramLimits()
    private var isDone = false
    private var lines = 0
    private var artifacts = 0
    private var bookmark: String?
    private var name = ""
    private(set) var result = CollectionResult(.collected)

    private static let bookmarkVersion: UInt8 = 4

    init(_ assignment: Proto.Assignment, _ tools: CollectorTools) {
        self.assignment = assignment
        self.tools = tools
    }

    nonisolated(nonsending) func next() async throws(CollectionFailure) -> [CollectedItem]? {
        guard !isDone else { return nil }
        let program = try started()
        var items: [CollectedItem] = []
        var bytes = 0
        while items.count < NodeLimits.entriesAtOnce, bytes < NodeLimits.stepBytes {
            switch await program.next() {
            case .line(let line):
                lines += 1
                guard let item = try await item(line, program) else { continue }
                bytes += line.count
                items.append(item)
            case .ended(let end, let words):
                isDone = true
                if let failure = end.failure(of: name, words, limits) {
                    // What it found before is kept; the outcome tells the rest.
                    result = failure.result
                } else if let bookmark {
                    items.append(.bookmark(ExecCollector.bytes(of: bookmark)))
                }
                return items
            }
        }
        return items
    }

    nonisolated(nonsending) func close() async { await program?.stop() }

    // MARK: Starting

    private func started() throws(CollectionFailure) -> Program {
        if let program { return program }
        name = String(assignment.location.prefix { $0 != ":" })
        guard let settings = tools.settings.programs[name] else {
            throw CollectionFailure(
                .failedNode, "this node has no program \"\(name.prefix(utf8: 64))\"; name it in --collectors FILE")
        }
        limits = settings.limits
        let start = ProgramStart(
            path: settings.path, arguments: settings.arguments, environment: settings.environment,
            directory: settings.directory ?? "/", limits: limits, tag: ProgramStart.newTag(of: tools.owner))
        let program = Program(
            start, input: target, on: tools.visitor.fetcher.loop, heard: { [progress = tools.progress] in progress() })
        self.program = program
        return program
    }

    /// One line of JSON.
    private var target: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field(
                "target",
                assignment.target.map { byte in
                    String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
                }.joined())
            json.field("location", assignment.location)
            json.field("argument", String(assignment.location.dropFirst(name.count + 1)))
            json.field("max_bytes", assignment.contentLimit)
            json.field("metadata") { json in
                json.object { json in for pair in assignment.metadata { json.field(pair.key, pair.value) } }
            }
            var reader = BookmarkReader(assignment.bookmark, version: ExecCollector.bookmarkVersion)
            if let text = reader?.string() { json.field("bookmark", text) } else { json.nullField("bookmark") }
        }
        return json.bytes + [10]
    }

    private static func bytes(of bookmark: String) -> [UInt8] {
        var writer = BookmarkWriter(version: bookmarkVersion)
        writer.string(bookmark)
        return writer.bytes
    }

    // MARK: Listening

    private nonisolated(nonsending) func item(
        _ line: [UInt8], _ program: Program
    ) async throws(CollectionFailure) -> CollectedItem? {
        guard line.contains(where: { $0 != 32 && $0 != 9 && $0 != 13 }) else { return nil }
        let read: ProgramLine
        do throws(ProgramLine.Failure) {
            read = try ProgramLine(line, otherwise: "exec:\(assignment.location)")
        } catch {
            await program.stop()
            throw CollectionFailure(.failedContent, "line \(lines) of \(name) is not accepted: \(error.words)")
        }
        switch read {
        case .bookmark(let text):
            bookmark = text
            return nil
        case .artifact(let found):
            artifacts += 1
            guard artifacts <= limits.artifacts, found.content.count <= assignment.contentLimit else {
                await program.stop()
                let words =
                    artifacts > limits.artifacts
                    ? "\(name) wrote more than \(limits.artifacts) artifacts and was ended; raise artifacts in "
                        + "its settings"
                    : "line \(lines) of \(name) has more content than \(assignment.contentLimit) bytes; raise max_bytes"
                throw CollectionFailure(.failedContent, words)
            }
            return .artifact(artifact(found), mark: nil)
        }
    }

    private func artifact(_ found: ProgramLine.Found) -> Proto.Artifact {
        var artifact = assignment.artifact(
            kind: found.kind.ifReadable(found.content), content: found.content, from: found.source,
            at: tools.time.wall())
        for (key, value) in found.metadata.prefix(32) where key.utf8.count <= Limits.maxMetadataKey {
            artifact.metadata[key] = value.prefix(utf8: Limits.maxMetadataValue)
        }
        for (key, value) in [("source_type", "exec"), ("collection_method", "exec"), ("program", name)] {
            artifact.metadata[key] = value
        }
        for (score, value) in found.scores {
            artifact.set(score, value, because: "\(name): \(found.reason ?? "it says so")")
        }
        return artifact
    }
}

extension Program.End {
    /// What it means for the collection; nil for a good end.
    func failure(of name: String, _ words: String, _ limits: ProgramLimits) -> CollectionFailure? {
        let said = words.isEmpty ? "" : ": \(words)"
        switch self {
        case .exited(0): return nil
        case .exited(126), .exited(127): return CollectionFailure(.failedNode, "\(name) could not be started\(said)")
        case .exited(let code): return CollectionFailure(.failedTarget, "\(name) exited with \(code)\(said)")
        case .killed(let signal):
            return CollectionFailure(.failedTarget, "\(name) was killed by signal \(signal)\(said)")
        case .notStarted(let reason): return CollectionFailure(.failedNode, "\(name) could not be started: \(reason)")
        case .broke(.time):
            let seconds = limits.time.milliseconds / 1_000
            return CollectionFailure(.failedTarget, "\(name) ran longer than \(seconds) s and was ended\(said)")
        case .broke(.output):
            return CollectionFailure(.failedContent, "\(name) wrote more than \(limits.output) bytes and was ended")
        case .broke(.line):
            return CollectionFailure(
                .failedContent, "\(name) wrote a line of more than \(ProgramLimits.line) bytes and was ended")
        case .broke(.stopped): return CollectionFailure(.failedNode, "\(name) was ended with its collection")
        }
    }
}

extension Proto.Artifact {
    /// A score, in the place of the one it had, with its reason in the place of the older one's.
    mutating func set(_ score: String, _ value: Double, because reason: String) {
        switch score {
        case "confidence": confidence = value
        case "threat_level": threatLevel = value
        default: opportunityValue = value
        }
        scoreReasons.removeAll { $0.hasPrefix(score + ": ") }
        scoreReasons.append("\(score): \(reason.prefix(utf8: 200))")
    }
}
