import Model
import Testing

@testable import Storage

@Suite struct SimulatedDiskTests {
    private struct Tally {
        var images = 0
        var lost = 0
        var damaged = 0
        var first: String?
    }

    /// Runs seeded transactions, cuts the power somewhere, and looks at what several crashes at that moment would
    /// leave.
    private func crashes(
        _ synchronous: DatabaseOptions.Synchronous, seeds: Range<UInt64>, imagesEach: UInt64
    ) throws -> Tally {
        var tally = Tally()
        for seed in seeds {
            let disk = SimulatedDisk(seed: seed)
            let options = DatabaseOptions(vfs: disk.name, synchronous: synchronous)
            let database = try Database.open(path: "a.db", access: .writer, options: options)
            try TransactionLoad.prepare(database)
            try database.checkpoint(.truncate)
            var random = SeededRandom(seed: seed)
            disk.cutPower(atChange: 1 + Int(random.below(120)))
            var load = TransactionLoad(seed: seed)
            load.run(on: database, transactions: 12)
            for number in 0..<imagesEach {
                let image = disk.image(seed: seed << 8 | number)
                tally.images += 1
                let problems = found(on: image, load)
                if problems.contains(where: { $0.hasPrefix("lost") }) { tally.lost += 1 }
                if problems.contains(where: { !$0.hasPrefix("lost") }) { tally.damaged += 1 }
                if tally.first == nil, let problem = problems.first { tally.first = "seed \(seed): \(problem)" }
            }
            database.close()
        }
        return tally
    }

    private func found(on image: SimulatedDisk, _ load: TransactionLoad) -> [String] {
        do throws(StorageError) {
            let again = try Database.recover(path: "a.db", options: DatabaseOptions(vfs: image.name))
            return try load.broken(in: again)
        } catch {
            return ["damaged: \(error)"]
        }
    }

    @Test func fullSyncLosesNoCommittedTransactionInAnyCrash() throws {
        let tally = try crashes(.full, seeds: 0..<500, imagesEach: 5)
        #expect(tally.images == 2_500)
        #expect(tally.lost == 0 && tally.damaged == 0, "\(tally)")
    }

    /// The negative controls: were these clean, the disk would prove nothing.
    @Test func normalSyncLosesCommittedTransactions() throws {
        let tally = try crashes(.normal, seeds: 0..<40, imagesEach: 5)
        #expect(tally.lost > 50, "\(tally)")
        #expect(tally.damaged == 0, "\(tally)")
    }

    @Test func withoutSyncFilesAreDamaged() throws {
        let tally = try crashes(.off, seeds: 0..<40, imagesEach: 5)
        #expect(tally.damaged > 50, "\(tally)")
    }

    @Test func whatWasSyncedSurvivesAndTheRestIsUpToTheSeed() throws {
        var left: Set<[UInt8]> = []
        for seed in 0..<200 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            var file = SimulatedFile()
            [UInt8](repeating: 1, count: 1_024).withUnsafeBytes { file.write($0, at: 0) }
            file.sync()
            file.keepEntry()
            [UInt8](repeating: 2, count: 1_024).withUnsafeBytes { file.write($0, at: 512) }
            file.truncate(to: 1_200)
            let after = try #require(file.afterCrash(&random)).current
            #expect(after.prefix(512) == ArraySlice(repeating: 1, count: 512))
            #expect([1_024, 1_200, 1_536].contains(after.count))
            left.insert(after)
        }
        // Old or new in either sector, with and without the truncation.
        #expect(left.count >= 6)
    }

    @Test func aSeedRepeatsARun() throws {
        func trace(_ seed: UInt64) throws -> [Int] {
            let disk = SimulatedDisk(seed: seed)
            let options = DatabaseOptions(vfs: disk.name)
            let database = try Database.open(path: "a.db", access: .writer, options: options)
            try TransactionLoad.prepare(database)
            var load = TransactionLoad(seed: seed)
            load.run(on: database, transactions: 6)
            disk.crash()
            database.close()
            let again = try Database.open(path: "a.db", access: .writer, options: options)
            let count = try again.first("SELECT count(*) FROM item") { Int($0.int(0)) } ?? -1
            return disk.paths.map { disk.content(of: $0)?.count ?? -1 } + [count]
        }
        #expect(try trace(3) == trace(3))
        #expect(Set(try (0..<10).map(trace)).count > 5)
    }

    @Test func aReaderAndAWriterShareADisk() throws {
        let disk = SimulatedDisk(seed: 1)
        let options = DatabaseOptions(vfs: disk.name)
        let writer = try Database.open(path: "a.db", access: .writer, options: options)
        try writer.execute("CREATE TABLE t(a)")
        let reader = try Database.open(path: "a.db", access: .reader, options: options)
        let reading = try reader.prepare("SELECT count(*) FROM t")
        for number in 1...50 as ClosedRange<Int64> {
            try writer.run("INSERT INTO t VALUES(randomblob(500))")
            #expect(try reading.step())
            #expect(reading.withRow { $0.int(0) } == number)
            if number == 25 {
                try writer.run("INSERT INTO t VALUES(0)")
                try writer.run("DELETE FROM t WHERE a = 0")
                #expect(throws: StorageError.self) { try writer.checkpoint(.truncate) }
            }
            reading.reset()
        }
        try writer.checkpoint(.truncate)
        #expect(try writer.integrityCheck().isEmpty)
    }

    @Test func afterACrashOldConnectionsTouchNothing() throws {
        let disk = SimulatedDisk(seed: 4)
        let options = DatabaseOptions(vfs: disk.name)
        let old = try Database.open(path: "a.db", access: .writer, options: options)
        try TransactionLoad.prepare(old)
        disk.crash()
        let error = #expect(throws: StorageError.self) { try old.run("INSERT INTO done VALUES(1, 0, 0)") }
        #expect((error?.sqlite ?? 0) & 0xFF == 10)
        old.close()
        let new = try Database.recover(path: "a.db", options: options)
        #expect(try new.first("SELECT count(*) FROM done") { $0.int(0) } == 0)
    }

    @Test func timeAndSleepAreTheDisksOwn() throws {
        let disk = SimulatedDisk(seed: 4)
        disk.milliseconds = 1_000_000_000_000
        let database = try Database.open(path: "a.db", access: .writer, options: DatabaseOptions(vfs: disk.name))
        #expect(try database.first("SELECT datetime('now')") { $0.text(0) } == "2001-09-09 01:46:40")
        #expect(disk.paths.contains("a.db"))
        database.close()
    }
}
