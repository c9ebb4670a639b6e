import Compression
import Model
import Storage
import TestKit
import Testing
import Wire

@testable import Coordinator

/// A ledger on a disk whose power can be cut.
private final class DiskFixture {
    let disk = SimulatedDisk(seed: 7)
    let secret: DedupSecret
    private(set) var ledger: Ledger
    private var random = SeededRandom(seed: 1)
    private let now = WallTime(milliseconds: 1_700_000_000_000)
    private let lease = LeaseRef(
        lease: 5, target: TargetID(high: 1, low: 2), fence: Fence(incarnation: 1, counter: 5))

    init() throws {
        secret = try DedupSecret(bytes: Array(repeating: 9, count: 32))
        ledger = try DiskFixture.open(disk, secret, &random)
    }

    deinit { ledger.close() }

    private static func open(
        _ disk: SimulatedDisk, _ secret: DedupSecret, _ random: inout SeededRandom
    ) throws -> Ledger {
        let place = LedgerPlace(
            path: "ledger.db", options: DatabaseOptions(vfs: disk.name), secretID: secret.id, compressor: Zstd())
        return try Ledger(place, random: &random)
    }

    func restart(afterPowerCut: Bool = false) throws {
        ledger.close()
        if afterPowerCut { disk.crash() }
        ledger = try DiskFixture.open(disk, secret, &random)
    }

    @discardableResult
    func commit(_ sequence: UInt64) throws -> GroupOutcome {
        let batch = Proto.IngestBatch(
            stream: 3, firstSequence: sequence,
            items: [Proto.Item(lease: 1, kind: .artifact(LedgerFixture.artifact("text \(sequence)")))],
            leases: [
                Proto.LeaseRef(
                    lease: lease.lease, target: lease.target.bytes[...], fence: Proto.Fence(incarnation: 1, counter: 5))
            ])
        let intake = Intake(hasher: try IdentityHasher(secret: secret, salt: ledger.identity.salt))
        return try ledger.commit([intake.prepare(batch, node: "n1", now: now)], now: now)
    }

    /// Its outcome is unknown, and it is stored.
    func commitWithFailedSync(_ sequence: UInt64) {
        disk.faults.set(FaultRule(.sync, .error))
        #expect(throws: LedgerError.self) { try commit(sequence) }
        disk.faults.clear()
        #expect(ledger.needsRecovery)
    }
}

@Suite("What a ledger finds when it is opened again")
struct RecoveryTests {
    @Test("What is read back after a kill in mid-commit survives a power cut from then on")
    func openingMakesDurable() throws {
        let fixture = try DiskFixture()
        try fixture.commit(1)
        fixture.commitWithFailedSync(2)
        try fixture.restart()
        let found = fixture.ledger.head
        #expect(found.stored == 2)
        let replay = try fixture.commit(2)
        #expect(replay.results == [.applied(verdicts: replay.results[0].verdicts, replayed: 1, lastApplied: 2)])
        for _ in 0..<20 {
            try fixture.restart(afterPowerCut: true)
            #expect(fixture.ledger.head == found)
        }
    }

    @Test("A reader gets the receipts of a commit whose outcome was not known, before any later ones")
    func feedAfterRecovery() throws {
        let fixture = try DiskFixture()
        var feed = ReceiptFeed(after: 0)
        var given: [ReceiptPage] = []
        try feed.advance(fixture.commit(1).page, from: fixture.ledger) { given.append($0) }
        fixture.commitWithFailedSync(2)
        try fixture.ledger.recover()
        try feed.advance(fixture.commit(3).page, from: fixture.ledger) { given.append($0) }
        #expect(given.map(\.position) == [1, 2, 3])
        #expect(given.map(\.after) == [0, 1, 2])
        #expect(given.flatMap(\.receipts).map(\.lastSequence) == [1, 2, 3])
    }

    @Test("A page follows on every position from the last receipts on")
    func pagesSayWhatTheyFollow() throws {
        let fixture = try DiskFixture()
        try fixture.commit(1)
        try fixture.ledger.markLate([], now: WallTime(milliseconds: 1_700_000_000_000))
        #expect(try fixture.commit(2).page?.after == 1)
        try fixture.restart()
        #expect(try fixture.commit(3).page?.after == 3)
    }

    @Test("A reader that starts further back gets one commit a page")
    func feedFromTheLog() throws {
        let fixture = try DiskFixture()
        for sequence in 1...4 { try fixture.commit(UInt64(sequence)) }
        var feed = ReceiptFeed(after: 1)
        var given: [ReceiptPage] = []
        try feed.advance(from: fixture.ledger) { given.append($0) }
        try feed.advance(from: fixture.ledger) { given.append($0) }
        #expect(given.map(\.position) == [2, 3, 4])
        #expect(given.allSatisfy { $0.receipts.count == 1 })
    }
}
