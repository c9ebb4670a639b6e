import Glibc
import Model
import TestKit
import Testing

@testable import Storage

@Suite struct ForcedFaultTests {
    private struct Sweep {
        var points = 0
        var unknown = 0
        var stored = 0
        var problems: [String] = []
    }

    /// One run of a small workload on an empty store, with one fault; then recovery, and every promise is looked up.
    private func run(_ path: String, _ vfs: String, _ faults: FaultInjector, into sweep: inout Sweep) throws {
        var options = DatabaseOptions(vfs: vfs)
        options.pageSize = 1_024
        var load = TransactionLoad(seed: 11)
        if let database = try? Database.open(path: path, access: .writer, options: options) {
            if (try? TransactionLoad.prepare(database)) != nil {
                load.run(on: database, transactions: 8, checkpointEvery: 3)
            }
            database.close()
        }
        faults.clear()
        let again = try Database.recover(path: path, options: options)
        try TransactionLoad.prepare(again)
        sweep.problems += try load.broken(in: again) + load.falseAnswers.map(\.sentence)
        let unknown = load.outcomes.filter { $0.value == .unknown }.keys
        sweep.unknown += unknown.count
        for number in unknown {
            let found = try again.first("SELECT 1 FROM done WHERE number=?", .int(number)) { $0.int(0) }
            sweep.stored += found == nil ? 0 : 1
        }
        again.close()
    }

    @Test(arguments: [DiskFault.error, .full, .torn], [false, true])
    func noFaultMakesACommitThatIsNotOne(fault: DiskFault, sticky: Bool) throws {
        var sweep = Sweep()
        var points = Int.max
        var nth = 1
        while nth <= points {
            let disk = SimulatedDisk(seed: 1)
            // Counted without a fault first.
            disk.faults.set(FaultRule(.changes, nth: points == .max ? .max : nth, sticky: sticky, fault))
            let options = DatabaseOptions(vfs: disk.name)
            if points == .max {
                points = try changes(of: disk, options)
                #expect(points > 50)
                continue
            }
            try run("a.db", disk.name, disk.faults, into: &sweep)
            sweep.points += 1
            nth += 1
        }
        #expect(sweep.problems.isEmpty, "\(sweep.problems.prefix(3))")
        #expect(sweep.points == points && sweep.unknown > 0)
        // Otherwise "unknown" would be a careful word for "no".
        if fault == .error, !sticky { #expect(sweep.stored > 0 && sweep.stored < sweep.unknown, "\(sweep)") }
    }

    private func changes(of disk: SimulatedDisk, _ options: DatabaseOptions) throws -> Int {
        var options = options
        options.pageSize = 1_024
        let database = try Database.open(path: "count.db", access: .writer, options: options)
        try TransactionLoad.prepare(database)
        var load = TransactionLoad(seed: 11)
        load.run(on: database, transactions: 8, checkpointEvery: 3)
        database.close()
        #expect(load.outcomes.values.allSatisfy { $0 == .committed })
        return disk.faults.changes
    }

    @Test func theSameHoldsOnTheOperatingSystemsFiles() throws {
        let vfs = try FaultingVFS(name: "faulting-sweep")
        var sweep = Sweep()
        for nth in stride(from: 1, to: 130, by: 3) {
            let directory = TemporaryDirectory()
            vfs.faults.set(FaultRule(.changes, nth: nth, .error))
            try run(directory.file("a.db"), vfs.name, vfs.faults, into: &sweep)
        }
        #expect(sweep.problems.isEmpty, "\(sweep.problems.prefix(3))")
        #expect(sweep.unknown > 0)
    }

    @Test func aFailedCommitIsUnknownAndPoisonsTheConnection() throws {
        let directory = TemporaryDirectory()
        let path = directory.file("a.db")
        let vfs = try FaultingVFS(name: "faulting-commit")
        let database = try Database.open(path: path, access: .writer, options: DatabaseOptions(vfs: vfs.name))
        try database.execute("CREATE TABLE t(a)")
        vfs.faults.set(FaultRule(.sync, .error, suffix: "-wal"))
        let error = #expect(throws: StorageError.self) {
            try database.transaction { () throws(StorageError) in try database.run("INSERT INTO t VALUES(1)") }
        }
        #expect(error?.code == .commitUnknown && error?.cause == .ioError && error?.sqlite == 1_034)
        #expect(
            error?.sentence
                == "it is not known whether the last transaction is stored in \(path), because its commit failed: "
                + "could "
                + "not run 'COMMIT' in \(path): disk I/O error (SQLite 1034); check the disk and the kernel's log; "
                + "nothing may be acknowledged until the file is closed, opened again, checkpointed and read")
        #expect(vfs.faults.fired == 1)
        #expect(
            throws: StorageError(
                .poisoned,
                "could not use \(path): an earlier write to it failed with an unknown outcome; close it and recover it")
        ) { try database.run("INSERT INTO t VALUES(2)") }
        #expect(throws: StorageError.self) { try database.checkpoint(.passive) }
        database.close()
        let again = try Database.recover(path: path, options: DatabaseOptions(vfs: vfs.name))
        #expect(try again.integrityCheck().isEmpty)
        again.close()
    }

    @Test func aWriteOutsideATransactionIsACommitToo() throws {
        let disk = SimulatedDisk(seed: 1)
        let database = try Database.open(path: "a.db", access: .writer, options: DatabaseOptions(vfs: disk.name))
        try database.execute("CREATE TABLE t(a)")
        disk.faults.set(FaultRule(.sync, .error))
        let error = #expect(throws: StorageError.self) { try database.run("INSERT INTO t VALUES(1)") }
        #expect(error?.code == .commitUnknown && database.isPoisoned)
    }

    @Test func aFullDiskIsSaidToBeFull() throws {
        let disk = SimulatedDisk(seed: 1)
        let database = try Database.open(path: "a.db", access: .writer, options: DatabaseOptions(vfs: disk.name))
        try database.execute("CREATE TABLE t(a)")
        disk.faults.set(FaultRule(.write, .full))
        let error = #expect(throws: StorageError.self) {
            try database.transaction { () throws(StorageError) in try database.run("INSERT INTO t VALUES(1)") }
        }
        #expect(error?.cause == .full)
        #expect(error?.sentence.contains("database or disk is full (SQLite 13); free space on its file system") == true)
    }

    @Test func aFailedCheckpointPoisonsTheConnectionAndLosesNothing() throws {
        let disk = SimulatedDisk(seed: 1)
        let options = DatabaseOptions(vfs: disk.name)
        let database = try Database.open(path: "a.db", access: .writer, options: options)
        try database.execute("CREATE TABLE t(a); INSERT INTO t VALUES(7)")
        disk.faults.set(FaultRule(.sync, .error, suffix: "a.db"))
        let error = #expect(throws: StorageError.self) { try database.checkpoint(.truncate) }
        #expect(error?.code == .ioError && database.isPoisoned)
        database.close()
        let again = try Database.recover(path: "a.db", options: options)
        #expect(try again.first("SELECT a FROM t") { $0.int(0) } == 7)
    }

    @Test func aFileThatCannotBeOpenedSaysWhatToCheck() throws {
        let disk = SimulatedDisk(seed: 1)
        disk.faults.set(FaultRule(.open, .error))
        let error = #expect(throws: StorageError.self) {
            try Database.open(path: "a.db", access: .writer, options: DatabaseOptions(vfs: disk.name))
        }
        #expect(error?.code == .cantOpen)
        disk.faults.clear()
        #expect(throws: Never.self) {
            try Database.open(path: "a.db", access: .writer, options: DatabaseOptions(vfs: disk.name))
        }
    }

    /// The canary: a disk that lies is the one thing that this layer cannot see.
    @Test func aLyingDiskLosesCommittedTransactions() throws {
        let disk = SimulatedDisk(seed: 2)
        let options = DatabaseOptions(vfs: disk.name)
        let database = try Database.open(path: "a.db", access: .writer, options: options)
        try TransactionLoad.prepare(database)
        disk.faults.set(FaultRule(.write, nth: 6, .lie, suffix: "-wal"))
        var load = TransactionLoad(seed: 2)
        load.run(on: database, transactions: 6, checkpointEvery: 1_000)
        #expect(load.outcomes.values.allSatisfy { $0 == .committed })
        disk.crash()
        database.close()
        let again = try Database.recover(path: "a.db", options: options)
        #expect(try load.broken(in: again).contains { $0.hasPrefix("lost") })
    }

    @Test func aSlowSyncDelaysTheCommit() throws {
        let directory = TemporaryDirectory()
        let vfs = try FaultingVFS(name: "faulting-slow")
        let options = DatabaseOptions(vfs: vfs.name)
        let database = try Database.open(path: directory.file("a.db"), access: .writer, options: options)
        try database.execute("CREATE TABLE t(a)")
        vfs.faults.set(FaultRule(.sync, .delay(.milliseconds(30))))
        let time = try ContinuousClock().measure { try database.run("INSERT INTO t VALUES(1)") }
        #expect(time >= .milliseconds(30) && vfs.faults.fired == 1)
        database.close()
    }

    @Test func aDisksNameIsTakenOnce() throws {
        let first = try FaultingVFS(name: "faulting-once")
        #expect(
            throws: StorageError(
                .misuse, "could not register the disk 'faulting-once': that name is taken; choose another")
        ) { try FaultingVFS(name: first.name) }
    }
}
