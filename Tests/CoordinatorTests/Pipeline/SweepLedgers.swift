import Model
import Wire

@testable import Coordinator

/// Two ledgers that are alike but for what the second holds beyond the first, so that a fixed scenario can go from one
/// to the other without writing. Everything behind the ledger has something to do in them.
final class SweepLedgers {
    let early: LedgerFixture
    let late: LedgerFixture
    /// Runs of the patterns, by the version they are of: the same sample, the same run.
    private var runs: [UInt64: PatternFinder.Found] = [:]

    init() throws {
        early = try SweepLedgers.made(withEnd: false)
        late = try SweepLedgers.made(withEnd: true)
    }

    /// When the scenario behind the ledger begins.
    var end: WallTime { late.now }

    /// The run of the patterns of a sample.
    func found(
        _ snapshot: Patterns.Snapshot, after previous: LedgerFormat.StoredPatternRun?, at wall: WallTime
    ) throws -> PatternFinder.Found {
        if let known = runs[snapshot.version] { return known }
        let options = PatternOptions()
        var corpus = Corpus(stopWords: options.stopWords, texts: snapshot.artifacts.count)
        let reader = try SampleReader(late.place)
        defer { reader.close() }
        try reader.each(snapshot.artifacts) { stored in
            corpus.add(
                stored.content ?? [], artifact: stored.id, at: stored.receivedAt, node: stored.node,
                domain: stored.domain)
            return true
        }
        guard let finder = PatternFinder(corpus, options, goesOn: { true }) else { throw CancellationError() }
        var found = finder.found(after: previous)
        found.run.stateVersion = snapshot.version
        found.run.atMs = wall.milliseconds
        runs[snapshot.version] = found
        return found
    }

    private static func made(withEnd: Bool) throws -> LedgerFixture {
        let fixture = try LedgerFixture()
        var writer = Writer(fixture: fixture)
        for round in 0..<6 { try writer.round(round) }
        if withEnd { try writer.withdraw() }
        return fixture
    }

    private struct Writer {
        let fixture: LedgerFixture
        var next: [String: UInt64] = [:]

        mutating func send(_ artifacts: [Proto.Artifact], from node: String) throws {
            let stream = node.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) }
            let first = next[node, default: 1]
            next[node] = first + UInt64(artifacts.count)
            let batch = try fixture.prepared(artifacts, stream: stream, first: first, node: node)
            _ = try fixture.ledger.commit([batch], now: fixture.now)
        }

        static func artifact(_ round: Int, _ place: Int, text: String? = nil) -> Proto.Artifact {
            let subject = ["malware breach exploit", "database backup recovery", "slow query latency"][place % 3]
            let words = (0..<8).map { "w\((round * 37 + place * 11 + $0 * 5) % 89)" }.joined(separator: " ")
            var artifact = LedgerFixture.artifact(
                text ?? "\(subject) number \(round * 10 + place) \(words)",
                source: "http://d\(place).example/\(round)", type: place == 4 ? "html" : "text")
            artifact.metadata = ["domain": "d\(place).example"]
            artifact.confidence = 0.3
            artifact.threatLevel = Double((round * 3 + place) % 11)
            artifact.collectedAtMs = 0
            return artifact
        }

        /// Two nodes find the same, a third something like it and with more confidence, a fourth what cannot be taken.
        mutating func round(_ round: Int) throws {
            let found = (0..<5).map { Writer.artifact(round, $0) }
            try send(found, from: "a")
            try send(found, from: "b")
            var like = found[0]
            like.content = Array("\(String(decoding: like.content, as: UTF8.self)) or so".utf8)[...]
            like.rawSource += "/like"
            var louder = found[1]
            louder.confidence = 1
            var same = found[2]
            same.content = Array(String(decoding: same.content, as: UTF8.self).uppercased().utf8)[...]
            try send([like, louder, same], from: "c")
            try send([Writer.artifact(round, 9, text: "")], from: "d")
            fixture.now.milliseconds += 3 * Limits.epoch
        }

        /// What sources say of what was fed, and more to read.
        mutating func withdraw() throws {
            var gone = [(1, 0), (2, 1), (3, 1), (3, 3), (4, 2)].map { Writer.artifact($0, $1) }
            for place in gone.indices { gone[place].signals = ["x-robots-tag": "noai"] }
            try send(gone, from: "a")
            fixture.now.milliseconds += 3 * Limits.epoch
            try round(6)
        }
    }
}
