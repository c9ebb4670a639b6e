import Compression
import Model
import Storage
import TestKit
import Testing
import Wire

@testable import Coordinator

/// History that is old enough goes: commits become fewer, versions that have ended are gone, and what holds at any
/// state version that can still be asked for is what it was.
@Suite struct CompactionTests {
    private let fixture: LedgerFixture
    private let lease = LeaseRef(
        lease: 5, target: TargetID(high: 1, low: 2), fence: Fence(incarnation: 1, counter: 5))

    init() throws { fixture = try LedgerFixture() }

    /// One commit a second: artifact `number` by n1 under a lease, and artifact 1 again with more confidence each time
    /// by somebody else.
    private func fill(_ numbers: ClosedRange<UInt64>) throws {
        for number in numbers {
            fixture.now.milliseconds += 1_000
            var known = LedgerFixture.artifact("text 1")
            known.confidence = Double(number) / 1_000
            var batches = [
                try fixture.prepared(
                    [LedgerFixture.artifact("text \(number)")], stream: 5, first: number, lease: lease)
            ]
            if number > 1 {
                batches.append(try fixture.prepared([known], stream: 100 + number, first: 1, node: "w\(number)"))
            }
            _ = try fixture.ledger.commit(batches, now: fixture.now)
        }
    }

    private func reading<T>(_ body: (LedgerReader) throws -> T) throws -> T {
        let reader = try LedgerReader(fixture.place)
        defer { reader.close() }
        return try body(reader)
    }

    /// Compacts all that is older than so many commits. Returns how many slices that took.
    @discardableResult
    private func compact(keeping commits: Int64, upTo: UInt64 = .max, receiptsRead: UInt64 = .max) throws -> Int {
        var slices = 0
        while true {
            let bounds = HistoryReader.Bounds(
                base: fixture.ledger.compaction.floor,
                olderThan: WallTime(milliseconds: fixture.now.milliseconds - commits * 1_000 + 1),
                upTo: min(upTo, fixture.ledger.head.stateVersion),
                receiptsRead: receiptsRead)
            guard let plan = try reading({ try HistoryReader($0).plan(bounds) }) else { return slices }
            #expect(try fixture.ledger.compact(plan))
            slices += 1
        }
    }

    private func count(_ table: String) throws -> Int {
        try reading { reader throws in
            try reader.read { database throws(StorageError) in
                try database.first(SQL("SELECT count(*) FROM \(table)")) { Int($0.int(0)) }
            } ?? 0
        }
    }

    @Test func `what can still be asked for is what it was, and what cannot says so`() throws {
        try fill(1...600)
        let versions: [UInt64] = [500, 501, 555, 600]
        func look() throws -> [Proto.ArtifactInfo?] {
            try reading { reader throws in
                try versions.flatMap { version in
                    let list = try reader.list(before: 0, limit: 1_000, at: version)
                    let one = try reader.artifact(1, withContent: false, at: version)?.artifact
                    return [list.artifacts.first, list.artifacts.last, one]
                }
            }
        }
        let before = try look()
        let head = fixture.ledger.head
        #expect(head.versions == 599)
        #expect(try compact(keeping: 100) > 1)
        #expect(fixture.ledger.compaction.floor == 500)
        #expect(try look() == before)
        for _ in 0..<2 {
            for version in [UInt64(1), 499] {
                let refusal = #expect(throws: LedgerError.self) {
                    try reading { try $0.list(before: 0, limit: 1, at: version) }
                }
                #expect(
                    refusal?.description
                        == "what held at state version \(version) is compacted; the oldest that can be asked for is 500"
                )
            }
            try fixture.restart()
            #expect(fixture.ledger.head == head)
            #expect(try look() == before)
        }
    }

    @Test func `commits, receipts, sightings and ended versions are counted when they go`() throws {
        try fill(1...400)
        try compact(keeping: 100)
        let compaction = fixture.ledger.compaction
        #expect(compaction.floor == 300)
        #expect(compaction.receipts == 300 && compaction.sightings == 299)
        // Of 299 later versions up to there all but the one that holds have ended.
        #expect(compaction.versions == 298)
        #expect(try count("version") == 399 - 298)
        #expect(try UInt64(count("log")) + compaction.commits == 400)
        #expect(try count("log") <= 100 + 4)
        #expect(try fixture.ledger.receipts(after: 300, limit: 1_000).receipts.count == 100)
        #expect(try fixture.ledger.receipts(after: 0, limit: 1_000).receipts.count == 100)
    }

    @Test func `an artifact's history begins with the oldest version that is kept`() throws {
        try fill(1...50)
        try compact(keeping: 10)
        let history = try #require(try reading { try $0.versions(of: 1, after: 0, limit: 100) })
        #expect(history.versions.map(\.version) == Array(40...50))
        #expect(history.compacted == 39)
        #expect(history.versions.first?.stateVersion == 40 && history.versions.first?.heldTo == 41)
        #expect(history.versions.last?.heldTo == 0)
        #expect(try reading { try $0.artifact(1, withContent: true)?.artifact?.version } == 50)
        // A new version follows on the one that holds.
        try fill(51...51)
        #expect(try reading { try $0.artifact(1, withContent: false)?.artifact?.version } == 51)
    }

    @Test func `a version that nothing followed outlives every retention`() throws {
        var raised = LedgerFixture.artifact("text 1")
        raised.confidence = 0.9
        try fill(1...1)
        _ = try fixture.ledger.commit([fixture.prepared([raised], stream: 9, first: 1, node: "w")], now: fixture.now)
        try fill(2...2)
        for number in UInt64(3)...200 {
            fixture.now.milliseconds += 1_000
            _ = try fixture.commit([LedgerFixture.artifact("text \(number)")], stream: 6, first: number - 2)
        }
        try compact(keeping: 0)
        #expect(fixture.ledger.compaction.floor == fixture.ledger.head.stateVersion)
        let info = try #require(try reading { try $0.artifact(1, withContent: false)?.artifact })
        #expect(info.version == 2 && info.node == "w" && info.confidence == 0.9 && info.stateVersion == 2)
        try fixture.restart()
        #expect(try reading { try $0.artifact(1, withContent: false)?.artifact } == info)
        #expect(try count("log") <= 6)
    }

    @Test func `nothing passes a receipt that is not read, or a position that is not reached`() throws {
        try fill(1...60)
        try compact(keeping: 0, receiptsRead: 20)
        #expect(fixture.ledger.compaction.floor == 20)
        #expect(try fixture.ledger.receipts(after: 20, limit: 100).receipts.count == 40)
        try compact(keeping: 0, upTo: 35)
        #expect(fixture.ledger.compaction.floor == 35)
        #expect(try compact(keeping: 0, upTo: 35) == 0)
        // Commits without receipts need no reader.
        try fixture.ledger.markLate([lease], now: fixture.now)
        try compact(keeping: 0, receiptsRead: 60)
        #expect(fixture.ledger.compaction.floor == 61)
    }

    @Test func `a plan that was made before another was applied changes nothing`() throws {
        try fill(1...20)
        let bounds = HistoryReader.Bounds(base: 0, olderThan: fixture.now, upTo: 10, receiptsRead: .max)
        let plan = try #require(try reading { try HistoryReader($0).plan(bounds) })
        #expect(try fixture.ledger.compact(plan))
        let rows = try count("log")
        #expect(try fixture.ledger.compact(plan) == false)
        #expect(try count("log") == rows)
    }

    @Test func `whoever reads the log from its beginning still finds every artifact, in order`() throws {
        try fill(1...500)
        try compact(keeping: 20)
        let reader = try ChangeReader(fixture.place)
        defer { reader.close() }
        var position: UInt64 = 0
        var ids: [UInt64] = []
        while case let commits = try reader.commits(after: position), let last = commits.last {
            ids += commits.flatMap { $0.stored.map(\.id) }
            position = last.version
        }
        #expect(position == 500)
        #expect(ids == Array(1...500))
    }

    @Test func `commits of much content become no row that would be too much to read at once`() throws {
        for number in 1...40 as ClosedRange<UInt64> {
            fixture.now.milliseconds += 1_000
            let text = String(repeating: "\(number) ", count: Limits.mebibyte / 4)
            _ = try fixture.commit([LedgerFixture.artifact(text)], first: number)
        }
        let all = try compactedRows(keeping: 1)
        #expect(all.count > 1 && all.count < 10)
        let reader = try ChangeReader(fixture.place)
        defer { reader.close() }
        var position: UInt64 = 0
        var seen: [UInt64] = []
        while let commit = try reader.commits(after: position, limit: 1, withContent: true).first {
            #expect(commit.stored.reduce(0) { $0 + ($1.content?.count ?? 0) } <= Limits.changeBytes)
            seen += commit.stored.map(\.id)
            position = commit.version
        }
        #expect(seen == Array(1...40))
    }

    private func compactedRows(keeping commits: Int64) throws -> [UInt64] {
        try compact(keeping: commits)
        return try reading { reader throws in
            try reader.read { database throws(StorageError) in
                try database.all("SELECT version FROM log WHERE artifacts > 0") { $0.uint(0) }
            }
        }
    }

    @Test func `freed space is used again before the file grows`() throws {
        var random = SeededRandom(seed: 8)
        func fillWide(_ numbers: ClosedRange<UInt64>) throws {
            for number in numbers {
                fixture.now.milliseconds += 1_000
                let same = (0..<256).map { _ in
                    var same = LedgerFixture.artifact("text 1")
                    same.collectedAtMs = Int64(random.below(1 << 40))
                    return same
                }
                _ = try fixture.ledger.commit(
                    [fixture.prepared(same, stream: number, first: 1, node: "node-\(number)")], now: fixture.now)
            }
            try fixture.ledger.checkpoint()
        }
        func pages() throws -> (count: UInt64, size: UInt64) {
            try reading { reader throws in
                try reader.read { database throws(StorageError) in
                    (
                        count: try database.first("PRAGMA page_count") { $0.uint(0) } ?? 0,
                        size: try database.first("PRAGMA page_size") { $0.uint(0) } ?? 0
                    )
                }
            }
        }
        try fillWide(1...200)
        let full = try pages()
        try compact(keeping: 0)
        let freed = fixture.ledger.freeBytes / full.size
        #expect(freed > full.count / 4, "\(freed) of \(full)")
        try fillWide(201...250)
        #expect(try pages().count == full.count)
    }

    @Test func `a compaction that fails at any write leaves the history before it or after it`() throws {
        for nth in 1...40 {
            let vfs = try FaultingVFS(name: "compaction-\(nth)")
            let directory = TemporaryDirectory()
            let secret = try DedupSecret(bytes: Array(repeating: 9, count: 32))
            var random = SeededRandom(seed: 1)
            let place = LedgerPlace(
                path: directory.file("ledger.db"), options: DatabaseOptions(vfs: vfs.name), secretID: secret.id,
                compressor: Zstd())
            let ledger = try Ledger(place, random: &random)
            let intake = try Intake(hasher: IdentityHasher(secret: secret, salt: ledger.identity.salt))
            for number in UInt64(1)...30 {
                let item = Proto.Item(kind: .artifact(LedgerFixture.artifact("text \(number)")))
                let batch = Proto.IngestBatch(stream: 1, firstSequence: number, items: [item])
                _ = try ledger.commit([intake.prepare(batch, node: "n", now: fixture.now)], now: fixture.now)
            }
            let reader = try LedgerReader(place)
            let bounds = HistoryReader.Bounds(
                base: 0, olderThan: WallTime(milliseconds: .max), upTo: 20, receiptsRead: .max)
            let plan = try #require(try HistoryReader(reader).plan(bounds))
            reader.close()
            vfs.faults.set(FaultRule([.write, .sync], nth: nth, .error, suffix: "-wal"))
            do throws(LedgerError) {
                #expect(try ledger.compact(plan))
                #expect(vfs.faults.fired == 0)
            } catch {
                #expect(vfs.faults.fired == 1)
                vfs.faults.clear()
                if ledger.needsRecovery { try ledger.recover() }
            }
            vfs.faults.clear()
            ledger.abandon()
            let again = try Ledger(place, random: &random)
            #expect([0, 20].contains(again.compaction.floor))
            #expect(again.head.stateVersion == 30 && again.head.stored == 30)
            again.close()
        }
    }
}

/// A state version that is asked for keeps its history for ten minutes.
@Suite struct SnapshotPinTests {
    @Test func `a version counts for ten minutes from the first time, however often it is asked for`() {
        let time = ManualTime()
        let pins = SnapshotPins(time: time)
        pins.hold(7)
        pins.hold(9)
        #expect(pins.oldest(above: 0) == 7)
        time.advance(by: .minutes(9))
        pins.hold(7)
        pins.hold(8)
        #expect(pins.oldest(above: 0) == 7)
        time.advance(by: .minutes(1))
        #expect(pins.oldest(above: 0) == 8)
        pins.hold(7)
        #expect(pins.oldest(above: 0) == 8)
        time.advance(by: .minutes(9))
        #expect(pins.oldest(above: 0) == nil)
        // What is compacted is forgotten; were it there again, it would count again.
        pins.hold(20)
        #expect(pins.oldest(above: 21) == nil)
    }

    @Test func `no more versions are held than there is room for`() {
        let time = ManualTime()
        let pins = SnapshotPins(time: time)
        for version in 0..<UInt64(Limits.snapshotPins) { pins.hold(100 + version) }
        pins.hold(1)
        #expect(pins.oldest(above: 0) == 100)
        time.advance(by: Limits.snapshotHold)
        pins.hold(1)
        #expect(pins.oldest(above: 0) == 1)
    }
}
