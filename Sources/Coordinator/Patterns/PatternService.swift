import Lifecycle
import Model
import Storage
import Synchronization
import Telemetry
package import Wire

/// Looks for patterns every ten minutes and on demand, on a thread that gives way to everything else, and answers
/// questions about them.
package final class PatternService: LedgerFollower {
    /// Why a question has no answer. The sentence says what to do.
    package struct Refusal: Error, Equatable, CustomStringConvertible {
        package var field: String
        package var description: String
    }

    private let thread: WorkerThread
    private let runner: PatternRunner
    private let derived: DerivedService
    private let queries: LedgerQueries
    private let options: PatternOptions

    init(
        ledger: @escaping @Sendable () -> LedgerPlace, derived: DerivedService, queries: LedgerQueries,
        options: PatternOptions, time: any TimeSource, log: Logger
    ) throws {
        thread = try WorkerThread(name: "patterns", nice: 15)
        self.derived = derived
        self.queries = queries
        self.options = options
        runner = PatternRunner(
            PatternRunner.Setup(ledger: ledger, derived: derived, options: options, time: time, log: log),
            thread: thread)
    }

    func start() { runner.wakeLater() }

    func suspend() async {
        runner.breather.end()
        await runner.closeReader()
    }

    func resume() { runner.breather.allow() }

    func stop() async {
        thread.clearWake(for: runner)
        await suspend()
        await runner.end()
        thread.stop()
    }

    // MARK: Asking

    /// Looks for patterns now; with a run under way, waits for that one. `message` says why there is no new one.
    package func run() async throws(LedgerError) -> Proto.ListPatternsReply {
        let outcome = await runner.run()
        var reply = try await list(version: 0)
        switch outcome {
        case .stored: break
        case .tooFew(let texts):
            reply.message =
                "\(texts) texts of the last 24 hours are known and patterns need \(Limits.patternTextsAtLeast); "
                + "ask again when more have come"
        case .cancelled: reply.message = "the run was ended because the ledger is being opened again; ask again"
        case .failed(let error): throw error
        }
        return reply
    }

    /// The newest run of this state version or before; 0: of any.
    package func list(version: UInt64) async throws(LedgerError) -> Proto.ListPatternsReply {
        guard let run = try await newest(version) else {
            guard version == 0 else {
                return Proto.ListPatternsReply(
                    message:
                        "no run is kept of state version \(version) or before; rookery patterns list shows the newest"
                )
            }
            return Proto.ListPatternsReply(message: "no patterns have been looked for yet; rookery patterns run does")
        }
        return Proto.ListPatternsReply(run)
    }

    /// Which pattern of the newest run an artifact is nearest to, and what each term adds.
    package func explain(_ artifact: UInt64) async throws -> Proto.ExplainPatternReply {
        guard let run = try await newest(0) else {
            throw Refusal(
                field: "artifact", description: "no patterns have been looked for yet; rookery patterns run does")
        }
        guard let found = try await queries.artifact(artifact, withContent: true), let info = found.artifact else {
            throw Refusal(
                field: "artifact",
                description: "no artifact is kept as a\(artifact); rookery artifacts list shows those that are")
        }
        guard info.contentType == "text" else {
            throw Refusal(
                field: "artifact",
                description: "a\(artifact) is of type \(info.contentType); patterns are of texts, so name a text")
        }
        let judge = PatternJudge(run, stopWords: options.stopWords)
        return Proto.ExplainPatternReply(judge.judge(found.content), artifact, judge.stateVersion)
    }

    /// A page of the texts of the newest run, in the order of their ids.
    package func texts(after: UInt64, limit: Int) async throws(LedgerError) -> Proto.ListPatternTextsReply {
        var reply = Proto.ListPatternTextsReply()
        guard let run = try await newest(0) else { return reply }
        reply.stateVersion = run.stateVersion
        if after == 0 { reply.stopWords = options.stopWords }
        let members = try await derived.ask(Patterns.self) { patterns, database throws(StorageError) in
            try patterns.members(in: database)
        }
        guard let members = members ?? nil else { return reply }
        var bytes = 0
        for (artifact, pattern) in zip(members.artifacts, members.patterns) where artifact > after {
            guard reply.texts.count < limit, bytes < Limits.batchBytes else {
                reply.next = reply.texts.last?.artifact ?? 0
                break
            }
            guard let found = try await queries.artifact(artifact, withContent: true) else { continue }
            reply.texts.append(
                Proto.PatternText(
                    artifact: artifact, pattern: pattern, content: found.content,
                    nearDuplicate: try await nearDuplicate(of: artifact)))
            bytes += found.content.count
        }
        return reply
    }

    /// The artifact that this text was most like when it came, and how like, both read in full; nil when none is.
    package func nearDuplicate(of artifact: UInt64) async throws(LedgerError) -> Proto.NearDuplicate? {
        let found = try await derived.ask(Sketches.self) { sketches, database throws(StorageError) in
            try sketches.nearest(to: artifact, in: database)
        }
        guard let near = found ?? nil, let own = try await queries.artifact(artifact, withContent: true),
            let other = try await queries.artifact(near.artifact, withContent: true)
        else { return nil }
        var shingles = Shingles()
        return shingles.similarity(own.content, other.content).map {
            Proto.NearDuplicate(artifact: near.artifact, similarity: $0)
        }
    }

    private func newest(_ version: UInt64) async throws(LedgerError) -> LedgerFormat.StoredPatternRun? {
        try await derived.ask(Patterns.self) { patterns, database throws(StorageError) in
            try patterns.run(upTo: version, in: database)
        } ?? nil
    }
}
