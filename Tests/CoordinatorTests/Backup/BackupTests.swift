import Glibc
import Model
import Sealing
import Storage
import TestKit
import Testing
import Wire

@testable import Coordinator

@Suite struct BackupTests {
    private let fixture: LedgerFixture
    private let copies = TemporaryDirectory()
    private let wall = WallTime(milliseconds: 1_800_000_000_000)

    init() throws { fixture = try LedgerFixture() }

    private func fill(_ range: ClosedRange<UInt64>, stream: UInt64 = 5, node: String = "n1") throws {
        for number in range {
            let artifact = LedgerFixture.artifact("text \(number) of \(stream)")
            _ = try fixture.ledger.commit(
                [fixture.prepared([artifact], stream: stream, first: number, node: node)], now: fixture.now)
        }
    }

    /// A whole backup of the fixture's ledger, with its secret.
    private func backup(_ name: String = "backup") throws -> String {
        let directory = copies.file(name)
        try BackupFiles.makeDirectory(directory)
        let copy = try fixture.ledger.copy(to: directory + "/ledger.db")
        while try !copy.step(pages: 4) {}
        try BackupFiles.write(Array(repeating: 9, count: 32), to: directory + "/" + Restore.secret)
        var manifest = BackupManifest(
            cluster: fixture.ledger.identity.clusterID, incarnation: fixture.ledger.identity.incarnation,
            stateVersion: fixture.ledger.head.stateVersion, receiptPosition: 0, secretID: fixture.secret.id)
        for file in [Restore.ledger, Restore.secret] { manifest.files.append(try BackupFiles.seal(directory, file)) }
        try BackupFiles.write(Array(try manifest.text().utf8), to: directory + "/manifest")
        return directory
    }

    private func data(_ name: String) -> String {
        let path = copies.file(name)
        mkdir(path, 0o700)
        return path
    }

    private func open(_ directory: String) throws -> Ledger {
        var random = SeededRandom(seed: 3)
        var place = fixture.place
        place.path = directory + "/ledger.db"
        return try Ledger(place, random: &random)
    }

    private func restored(_ backup: String, to name: String = "data") throws -> String {
        let data = data(name)
        _ = try Restore(from: backup, to: data).perform(wall: wall)
        return data
    }

    // MARK: Copies

    @Test func whatIsCommittedBetweenTwoStepsIsInTheCopy() throws {
        try fill(1...200)
        let copy = try fixture.ledger.copy(to: copies.file("copy.db"))
        var next: UInt64 = 201
        while try !copy.step(pages: 2) {
            try fill(next...next)
            if next.isMultiple(of: 7) { try fixture.ledger.checkpoint() }
            next += 1
        }
        #expect(next > 210)
        var place = fixture.place
        place.path = copies.file("copy.db")
        var random = SeededRandom(seed: 3)
        let ledger = try Ledger(place, random: &random)
        defer { ledger.close() }
        #expect(ledger.head == fixture.ledger.head)
        #expect(ledger.lastApplied(stream: 5) == next - 1)
    }

    @Test func aCopyNeverOverwritesAndIsGivenUpWithItsSource() throws {
        try fill(1...50)
        let path = copies.file("copy.db")
        let copy = try fixture.ledger.copy(to: path)
        #expect(try !copy.step(pages: 1))
        #expect(throws: LedgerError.self) { try fixture.ledger.copy(to: path) }
        copy.abandon()
        let error = #expect(throws: StorageError.self) { try copy.step(pages: 1) }
        #expect(error?.sentence == "the copy \(path) was given up; make another backup")
        try fill(51...52)
    }

    // MARK: Restoring

    @Test func aRestoredLedgerHasEverythingAndAHigherIncarnation() throws {
        try fill(1...30)
        let ledger = try open(restored(try backup()))
        defer { ledger.close() }
        #expect(ledger.head == fixture.ledger.head)
        #expect(ledger.identity.clusterID == fixture.ledger.identity.clusterID)
        #expect(ledger.identity.incarnation == 1_800_000_000)
        #expect(ledger.loss == nil)
    }

    @Test func oneBackupRestoredTwiceGivesNoIncarnationTwice() throws {
        try fill(1...3)
        let backup = try backup()
        let first = try #require(try Restore(from: backup, to: data("a")).perform(wall: wall).incarnation)
        let later = WallTime(milliseconds: wall.milliseconds + 1_000)
        #expect(try Restore(from: backup, to: data("b")).perform(wall: later).incarnation == first + 1)
    }

    /// What this version's schema adds to that of before, taken away again; or one that is not known yet.
    private static let schemas = [
        """
        ALTER TABLE stream DROP COLUMN recent; DROP TABLE compaction; DELETE FROM migration WHERE number = 2;
        PRAGMA user_version = 1
        """,
        "INSERT INTO migration VALUES(3, 'of tomorrow', 1); PRAGMA user_version = 3",
    ]

    private func backup(withSchema number: Int) throws -> String {
        let directory = try backup("backup-\(number)")
        let database = try Database.open(path: directory + "/ledger.db", access: .writer)
        try database.execute(BackupTests.schemas[number])
        try database.checkpoint(.truncate)
        database.close()
        for suffix in ["-wal", "-shm"] { unlink(directory + "/ledger.db" + suffix) }
        var manifest = try BackupManifest(parsing: BackupFiles.text(directory + "/manifest"))
        manifest.files = try manifest.files.map { try BackupFiles.seal(directory, $0.name) }
        unlink(directory + "/manifest")
        try BackupFiles.write(Array(try manifest.text().utf8), to: directory + "/manifest")
        return directory
    }

    @Test func aBackupOfAnOlderSchemaIsBroughtUpToThisOne() throws {
        try fill(1...30)
        try fill(1...4, stream: 6, node: "n2")
        let data = try restored(try backup(withSchema: 0))
        let ledger = try open(data)
        defer { ledger.close() }
        #expect(ledger.head == fixture.ledger.head)
        #expect(ledger.identity.incarnation == 1_800_000_000 && ledger.loss == nil)
        #expect([5, 6].map(ledger.lastApplied) == [30, 4])
        // What is asked again, what is known and what is new are told apart as before.
        let batch = try fixture.prepared(
            [LedgerFixture.artifact("text 30 of 5"), LedgerFixture.artifact("text 4 of 6")]
                + [LedgerFixture.artifact("new")], first: 30)
        let result = try ledger.commit([batch], now: wall).results[0]
        #expect(result.codes == [.stored, .duplicate, .stored])
        #expect(result.verdicts.map(\.artifact) == [30, 34, 35])
    }

    @Test func aBackupOfANewerSchemaIsRefusedAndLeavesRoomForAnother() throws {
        try fill(1...3)
        let data = data("data")
        let newer = try backup(withSchema: 1)
        let error = #expect(throws: LedgerError.self) { try Restore(from: newer, to: data).perform(wall: wall) }
        #expect(
            error?.description
                == "could not use \(data)/ledger.db.restoring: it has schema version 3 and this program knows up to 2; "
                + "start the newer program that wrote it, or restore a backup from before the upgrade")
        #expect(access(data + "/ledger.db", F_OK) != 0)
        _ = try Restore(from: try backup(), to: data).perform(wall: wall)
        try open(data).close()
    }

    @Test func nothingIsOverwritten() throws {
        try fill(1...3)
        let backup = try backup()
        let data = try restored(backup)
        let error = #expect(throws: LedgerError.self) { try Restore(from: backup, to: data).perform(wall: wall) }
        #expect(
            error?.description
                == "\(data)/ledger.db is there already; give an empty --data directory")
    }

    @Test(arguments: ["ledger.db", "dedup.secret", "manifest"])
    func aBackupWithAFlippedByteIsRefusedAndNothingIsMade(file: String) throws {
        try fill(1...30)
        let backup = try backup()
        let descriptor = Glibc.open(backup + "/" + file, O_RDWR)
        defer { close(descriptor) }
        var byte: UInt8 = 0
        #expect(pread(descriptor, &byte, 1, 20) == 1)
        byte ^= 1
        #expect(pwrite(descriptor, &byte, 1, 20) == 1)
        let data = data("data")
        let error = #expect(throws: LedgerError.self) { try Restore(from: backup, to: data).perform(wall: wall) }
        let why =
            file == "manifest"
            ? "the backup's manifest is damaged or of another version; use another backup"
            : "\(backup)/\(file) is not what its manifest says; use another backup"
        #expect(error?.description == why)
        #expect(access(data + "/ledger.db", F_OK) != 0)
    }

    @Test func anotherSecretInTheDataDirectoryIsRefused() throws {
        try fill(1...3)
        let backup = try backup()
        let data = data("data")
        try BackupFiles.write(Array(repeating: 8, count: 32), to: data + "/" + Restore.secret)
        #expect(throws: LedgerError.self) { try Restore(from: backup, to: data).perform(wall: wall) }
    }

    @Test func aManifestComesBackAsItWasWritten() throws {
        var manifest = BackupManifest(
            cluster: [1, 255], incarnation: 3, stateVersion: 9, receiptPosition: 8, secretID: [7])
        manifest.files = [BackupManifest.File(name: "a.db", size: 5, digest: Digest(words: (1, 2, 3, 4)))]
        #expect(try BackupManifest(parsing: manifest.text()) == manifest)
        let cut = String(try manifest.text().dropLast(4))
        #expect(throws: LedgerError.self) { try BackupManifest(parsing: cut) }
        for cluster in [[], [7, 8]] as [[UInt8]] {
            let part = BackupManifest.ofOrchestrator(cluster: cluster, incarnation: 4, receiptPosition: 12)
            #expect(try BackupManifest(parsing: part.text()) == part)
        }
    }

    // MARK: An orchestrator's part

    private func orchestratorBackup(_ names: [String]) throws -> String {
        let directory = copies.file("part")
        try BackupFiles.makeDirectory(directory)
        var manifest = BackupManifest.ofOrchestrator(cluster: [], incarnation: 4, receiptPosition: 12)
        for name in names {
            try BackupFiles.write(Array("content of \(name)".utf8), to: directory + "/" + name)
            manifest.files.append(try BackupFiles.seal(directory, name))
        }
        try BackupFiles.write(manifest, in: directory)
        return directory
    }

    @Test func anOrchestratorsPartIsRestoredByItselfAndOverwritesNothing() throws {
        let part = try orchestratorBackup(["orchestrator-id", "orchestrator.db"])
        let data = data("orchestrator")
        let (manifest, incarnation) = try Restore(from: part, to: data).perform(wall: wall)
        #expect(manifest.receiptPosition == 12 && manifest.incarnation == 4 && incarnation == nil)
        for name in ["orchestrator-id", "orchestrator.db"] {
            #expect(try BackupFiles.text(data + "/" + name) == "content of \(name)")
        }
        unlink(data + "/orchestrator.db")
        let error = #expect(throws: LedgerError.self) { try Restore(from: part, to: data).perform(wall: wall) }
        #expect(error?.description == "\(data)/orchestrator-id is there already; give an empty --data directory")
    }

    @Test func aBackupOfNeitherPartIsRefused() throws {
        let part = try orchestratorBackup(["derived.db"])
        let error = #expect(throws: LedgerError.self) { try Restore(from: part, to: data("x")).perform(wall: wall) }
        #expect(
            error?.description == "the backup holds neither a ledger nor an orchestrator's database; use another one")
    }

    @Test func aCopyRestoredTwiceKeepsTheLowerEndOfItsReceipts() throws {
        try fill(1...10)
        var data = try restored(try backup())
        var ledger = try open(data)
        #expect(ledger.receiptsLimit == 10)
        let next = try fixture.prepared([LedgerFixture.artifact("next")], first: 11)
        _ = try ledger.commit([next], now: wall)
        let directory = copies.file("again")
        try BackupFiles.makeDirectory(directory)
        let copy = try ledger.copy(to: directory + "/ledger.db")
        while try !copy.step(pages: 4) {}
        ledger.close()
        try BackupFiles.write(Array(repeating: 9, count: 32), to: directory + "/" + Restore.secret)
        var manifest = BackupManifest(
            cluster: [1], incarnation: 1, stateVersion: 11, receiptPosition: 0, secretID: fixture.secret.id)
        for file in [Restore.ledger, Restore.secret] { manifest.files.append(try BackupFiles.seal(directory, file)) }
        try BackupFiles.write(manifest, in: directory)
        data = try restored(directory, to: "third")
        #expect(try Restore.acceptLoss(in: data).version == 10)
        ledger = try open(data)
        #expect(ledger.receiptsLimit == 10 && ledger.head.stateVersion == 11)
        try ledger.liftReceiptsLimit()
        ledger.close()
        ledger = try open(data)
        #expect(ledger.receiptsLimit == nil)
        ledger.close()
    }

    // MARK: Losses

    @Test func aNodeThatKnowsMoreStopsTheServiceUntilTheLossIsAccepted() throws {
        try fill(1...10)
        let backup = try backup()
        try fill(11...20)
        let data = try restored(backup)
        var ledger = try open(data)
        #expect(try ledger.resume(stream: 5, node: "n1", firstUnacked: 11, now: wall) == .applied(10))
        let standing = try ledger.resume(stream: 5, node: "n1", firstUnacked: 21, now: wall)
        let reason =
            "node n1 was told that sequences 11 to 20 of its stream are stored, and they are not: this data directory "
            + "is older than what the cluster knows; restore a later backup, or stop the hub and run rookery restore "
            + "--accept-loss --data DIR"
        #expect(standing == .behind(reason))
        ledger.close()
        ledger = try open(data)
        #expect(ledger.loss == reason)
        ledger.close()
        #expect(try Restore.acceptLoss(in: data).ranges == 1)
        ledger = try open(data)
        defer { ledger.close() }
        #expect(ledger.loss == nil)
        #expect(try ledger.resume(stream: 5, node: "n1", firstUnacked: 21, now: wall) == .applied(20))
        let next = try fixture.prepared([LedgerFixture.artifact("next")], first: 21)
        #expect(try ledger.commit([next], now: wall).results[0].codes == [.stored])
        try expectMissing(data, [[5, 11, 20, 1]])
    }

    @Test func aStreamThatComesLaterLosesOnlyWhatWasAccepted() throws {
        try fill(1...10)
        let data = try restored(try backup())
        _ = try Restore.acceptLoss(in: data)
        let ledger = try open(data)
        defer { ledger.close() }
        #expect(try ledger.resume(stream: 77, node: "n2", firstUnacked: 5, now: wall) == .applied(4))
        #expect(try ledger.resume(stream: 77, node: "n2", firstUnacked: 5, now: wall) == .applied(4))
        guard case .behind = try ledger.resume(stream: 77, node: "n2", firstUnacked: 9, now: wall) else {
            return #expect(Bool(false), "what came after the acceptance is lost in silence")
        }
        try expectMissing(data, [[77, 1, 4, 1], [77, 5, 8, 0]])
    }

    @Test func aNodeOfAnotherClusterStopsNothing() throws {
        try fill(1...3)
        #expect(try fixture.ledger.resume(stream: 99, node: "n9", firstUnacked: 1_000, now: wall) == .applied(0))
        #expect(fixture.ledger.loss == nil)
    }

    private func expectMissing(_ data: String, _ expected: [[UInt64]]) throws {
        var place = fixture.place
        place.path = data + "/ledger.db"
        let reader = try LedgerReader(place)
        defer { reader.close() }
        #expect(try reader.missing().map { [$0.stream, $0.first, $0.last, $0.accepted ? 1 : 0] } == expected)
    }
}
