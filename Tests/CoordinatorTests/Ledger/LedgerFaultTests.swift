import Compression
import Model
import Storage
import TestKit
import Testing
import Wire

@testable import Coordinator

/// The disk under the ledger fails at every place it can: nothing that was acked may be missing afterwards.
@Suite struct LedgerFaultTests {
    private struct Trial {
        let directory = TemporaryDirectory()
        let secret: DedupSecret
        let vfs: FaultingVFS
        var random = SeededRandom(seed: 3)
        var acked = 0

        init(_ name: String) throws {
            secret = try DedupSecret(bytes: Array(repeating: 9, count: 32))
            vfs = try FaultingVFS(name: name)
        }

        func place() -> LedgerPlace {
            LedgerPlace(
                path: directory.file("ledger.db"), options: DatabaseOptions(vfs: vfs.name), secretID: secret.id,
                compressor: Zstd())
        }

        func batch(_ number: Int, _ ledger: Ledger) throws -> PreparedBatch {
            let intake = try Intake(hasher: IdentityHasher(secret: secret, salt: ledger.identity.salt))
            return try intake.prepare(
                .init(
                    stream: 1, firstSequence: UInt64(number),
                    items: [.init(kind: .artifact(LedgerFixture.artifact("text \(number)")))]),
                node: "n", now: WallTime(milliseconds: 1_700_000_000_000))
        }
    }

    private static let commits = 6

    /// Commits until one fails; then recovers as the service does, and goes on to the end.
    private func run(_ rule: FaultRule, _ name: String) throws -> (failures: Int, fired: Int) {
        var trial = try Trial(name)
        let ledger = try Ledger(trial.place(), random: &trial.random)
        trial.vfs.faults.set(rule)
        var failures = 0
        var fired = 0
        var number = 1
        while number <= LedgerFaultTests.commits {
            let batch = try trial.batch(number, ledger)
            do throws(LedgerError) {
                _ = try ledger.commit([batch], now: WallTime(milliseconds: 1_700_000_000_000))
                trial.acked = number
                number += 1
                if number == 4 { try ledger.checkpoint() }
            } catch {
                failures += 1
                #expect(!error.description.isEmpty)
                fired += trial.vfs.faults.fired
                trial.vfs.faults.clear()
                if ledger.needsRecovery { try ledger.recover() }
                // What was acked is there; what failed may be, and asking again settles it.
                #expect(ledger.lastApplied(stream: 1) >= UInt64(trial.acked))
                number = min(number, Int(ledger.lastApplied(stream: 1)) + 1)
            }
        }
        ledger.close()
        fired += trial.vfs.faults.fired
        trial.vfs.faults.clear()
        let again = try Ledger(trial.place(), random: &trial.random)
        #expect(again.head.stored == UInt64(LedgerFaultTests.commits))
        #expect(again.head.received == UInt64(LedgerFaultTests.commits))
        again.close()
        return (failures, fired)
    }

    @Test(arguments: [DiskOperations.write, .sync, .truncate], [DiskFault.error, .full, .torn])
    func noAckIsFalseWhereverTheDiskFails(operation: DiskOperations, fault: DiskFault) throws {
        var failures = 0
        var nth = 1
        while true {
            let name = "ledger-\(operation.rawValue)-\(fault)-\(nth)"
            let (failed, fired) = try run(FaultRule(operation, nth: nth, fault), name)
            failures += failed
            if fired == 0 { break }
            nth += 1
        }
        // A truncation is asked for only where a log is longer than need be.
        if operation != .truncate { #expect(failures > 3, "\(nth) places") }
    }

    @Test func anErrorOfCommitIsUnknownAndSaysSo() throws {
        var trial = try Trial("ledger-words")
        let ledger = try Ledger(trial.place(), random: &trial.random)
        let batch = try trial.batch(1, ledger)
        trial.vfs.faults.set(FaultRule(.sync, nth: 1, sticky: true, .error, suffix: "-wal"))
        let error = #expect(throws: LedgerError.self) {
            try ledger.commit([batch], now: WallTime(milliseconds: 1))
        }
        #expect(error?.description.hasPrefix("it is not known whether the last transaction is stored in ") == true)
        #expect(ledger.needsRecovery)
        // While the disk goes on failing, opening it again fails too: intake stays closed.
        trial.vfs.faults.set(FaultRule(.sync, nth: 1, sticky: true, .error))
        #expect(throws: LedgerError.self) { try ledger.recover() }
        trial.vfs.faults.clear()
        try ledger.recover()
        #expect(!ledger.needsRecovery)
        ledger.close()
    }
}
