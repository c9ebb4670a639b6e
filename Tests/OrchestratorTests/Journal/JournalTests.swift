import Model
import Storage
import TestKit
import Testing
import Wire

@testable import Orchestrator

/// The journal, the rows that follow it, and what a start makes of both.
@Suite struct JournalTests {
    private func count(_ rig: Rig, _ sql: SQL) throws -> Int64 {
        try rig.database.first(sql) { $0.int(0) } ?? 0
    }

    /// Ten targets with a node that has collected some, holds some and delivers one.
    private func busy(_ configure: (inout OrchestratorConfiguration) -> Void = { _ in }) throws -> Rig {
        let rig = try Rig(configure)
        try rig.register("n", on: 1, capacity: 6)
        for number in 1...10 { try rig.submit(page(number)) }
        let held = try rig.held()
        try rig.report(held[0], last: 1, as: "n", on: 1)
        try rig.receipt(held[0], from: "n", last: 1, bookmark: [1, 2, 3])
        try rig.report(held[1], last: 0, as: "n", on: 1)
        try rig.report(held[2], .failedTarget, last: 0, as: "n", on: 1)
        try rig.report(held[3], last: 9, as: "n", on: 1)
        return rig
    }

    private func picture(_ rig: Rig) -> [String] {
        rig.core.targets.indices.map { number in
            let target = rig.core.targets[number].target
            return "\(target.state) \(target.progress) \(rig.core.targets[number].hasBookmark)"
        } + rig.core.leases.values.map { "\($0.ref) \($0.node) \($0.tally) \($0.isCollecting)" }.sorted()
            + rig.core.fleet.nodes.map { "\($0.successes) \($0.failures)" }
    }

    @Test func `a turn costs one row of the journal, and the rows are as they were`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        let before = try count(rig, "SELECT count(*) FROM journal")
        try rig.submit(page(1), page(2))
        #expect(try count(rig, "SELECT count(*) FROM journal") == before + 1)
        let held = try rig.held()
        try rig.report(held[0], as: "n", on: 1)
        #expect(try count(rig, "SELECT count(*) FROM journal") == before + 2)
        #expect(try count(rig, "SELECT count(*) FROM leases") == 0)
        #expect(try count(rig, "SELECT sum(attempts) FROM progress") == 0)
    }

    @Test func `a start is the rows and the rest of the journal`() throws {
        let rig = try busy()
        try rig.restart()
        try rig.turn(.tick)
        let journalled = picture(rig)
        let status = rig.core.status()
        #expect(status.alerts == [])
        #expect((status.successes, status.empties, status.failures, status.delivering) == (1, 1, 1, 1))
        try rig.pass(Limits.journalRest, alive: 1)
        #expect(try count(rig, "SELECT count(*) FROM journal") == 0)
        #expect(try count(rig, "SELECT count(*) FROM leases") == Int64(rig.core.leases.count))
        #expect(try count(rig, "SELECT count(*) FROM bookmarks") == 1)
        try rig.restart()
        try rig.turn(.tick)
        #expect(picture(rig) == journalled)
    }

    @Test func `rows follow once nothing has changed for a while, and then nothing is left to do`() throws {
        let rig = try busy()
        #expect(rig.core.rowsFollow == rig.time.now() + Limits.journalRest)
        try rig.pass(.milliseconds(999), alive: 1)
        #expect(try count(rig, "SELECT count(*) FROM journal") > 0)
        try rig.pass(.milliseconds(1), alive: 1)
        #expect(try count(rig, "SELECT count(*) FROM journal") == 0)
        #expect(rig.core.rowsFollow == nil)
        #expect(rig.core.unwritten.isEmpty)
    }

    @Test func `a long journal makes rows follow beside other work`() throws {
        let rig = try busy { $0.journal.bytes = 1 }
        #expect(rig.core.unwritten.sweep == nil)
        #expect(try count(rig, "SELECT count(*) FROM journal") <= 1)
    }

    @Test(arguments: 0..<12)
    func `a crash between any two slices loses nothing`(slices: Int) throws {
        let rig = try busy { $0.journal.slice = 2 }
        try rig.restart()
        try rig.turn(.tick)
        let before = picture(rig)
        try rig.pass(Limits.journalRest, alive: 1)
        for _ in 0..<slices { try rig.pass(Limits.rowsPause, alive: 1) }
        try rig.restart()
        try rig.turn(.tick)
        #expect(picture(rig) == before)
        #expect(rig.core.status().alerts == [])
    }

    @Test func `what happens between two slices is not undone by the journal's rest`() throws {
        let rig = try busy { $0.journal.slice = 1 }
        try rig.pass(Limits.journalRest, alive: 1)
        let held = try rig.held()
        try rig.receipt(held[0], from: "n", last: 9)
        for lease in held.dropFirst() { try rig.report(lease, last: 0, as: "n", on: 1) }
        let before = rig.core.status()
        try rig.restart()
        try rig.turn(.tick)
        let after = rig.core.status()
        #expect(after.targets == before.targets)
        #expect((after.successes, after.empties) == (before.successes, before.empties))
        for _ in 0..<100 { try rig.pass(Limits.journalRest) }
        #expect(rig.core.unwritten.isEmpty)
        try rig.restart()
        #expect(rig.core.status().targets.sum == 10)
        #expect(rig.core.status().alerts == [])
    }

    @Test func `a bookmark is handed on before it has a row, and after`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        try rig.submit(page(1))
        let first = try #require(try rig.held().first)
        try rig.report(first, last: 1, as: "n", on: 1)
        try rig.receipt(first, from: "n", last: 1, bookmark: [7])
        #expect(rig.core.unwritten.bookmark(of: 0) == [7])
        try rig.pass(.seconds(3_600), alive: 1)
        #expect(try rig.held().map(\.bookmark) == [[7]])
        try rig.pass(Limits.journalRest, alive: 1)
        #expect(rig.core.unwritten.bookmark(of: 0) == nil)
        #expect(try rig.held().map(\.bookmark) == [[7]])
    }

    @Test func `a row of the journal that makes no sense is said, and nothing is opened`() throws {
        let rig = try busy()
        try rig.database.run("INSERT INTO journal (number, entries) VALUES (?, ?)", .int(1_000), .blob([0xFF]))
        let sentence =
            "could not read \(rig.database.path): row 1000 of journal makes no sense; restore it from a backup"
        #expect(throws: StorageError(.corrupt, sentence)) { try rig.restart() }
    }

    @Test func `records are found wherever they are: in the turn, in the journal, in a row`() throws {
        let rig = try Rig()
        func found() throws -> [[UInt8]] { try rig.core.records(.host, 0...9).map(\.value) }
        rig.core.record(RecordKey(.host, 1), [1])
        rig.core.record(RecordKey(.host, 2), [2])
        #expect(try found() == [[1], [2]])
        try rig.turn(.tick)
        #expect(try count(rig, "SELECT count(*) FROM records") == 0)
        #expect(try found() == [[1], [2]])
        try rig.restart()
        #expect(try found() == [[1], [2]])
        try rig.pass(Limits.journalRest)
        #expect(try count(rig, "SELECT count(*) FROM records") == 2)
        #expect(try found() == [[1], [2]])
        rig.core.record(RecordKey(.host, 1), nil)
        #expect(try found() == [[2]])
        try rig.turn(.tick)
        #expect(try found() == [[2]])
        try rig.pass(Limits.journalRest)
        #expect(try count(rig, "SELECT count(*) FROM records") == 1)
    }
}
