import Model
import Testing

@testable import Orchestrator

/// What is in the journal and not yet in rows.
@Suite struct UnwrittenTests {
    private func drain(_ unwritten: inout Unwritten, running: Set<UInt64> = []) -> [Unwritten.Piece] {
        var pieces: [Unwritten.Piece] = []
        while let piece = unwritten.next(isRunning: running.contains) { pieces.append(piece) }
        return pieces
    }

    @Test func `a sweep writes each thing once, in the order of its numbers`() {
        var unwritten = Unwritten()
        for number in [7, 3, 7, 5] { unwritten.add(progress: number) }
        unwritten.add(counter: 2)
        unwritten.add(bookmark: [1], of: 9)
        unwritten.add(bookmark: [2], of: 9)
        unwritten.beginSweep(through: 4)
        #expect(unwritten.sweep?.through == 4)
        #expect(
            drain(&unwritten) == [.progress(3), .progress(5), .progress(7), .counter(2), .bookmark(9, [2])])
        #expect(unwritten.bookmark(of: 9) == nil)
    }

    @Test func `a lease that came and went between two sweeps costs no row`() {
        var unwritten = Unwritten()
        unwritten.add(lease: 1)
        unwritten.add(lease: 2)
        unwritten.add(lease: 1)
        unwritten.beginSweep(through: 1)
        #expect(drain(&unwritten, running: [2]) == [.lease(2)])
    }

    @Test func `a lease with a row is written once more when it has ended, and then no more`() {
        var unwritten = Unwritten()
        unwritten.hasRow(lease: 6)
        unwritten.add(lease: 6)
        unwritten.beginSweep(through: 1)
        #expect(drain(&unwritten) == [.lease(6)])
        unwritten.endSweep()
        unwritten.add(lease: 6)
        unwritten.beginSweep(through: 2)
        #expect(drain(&unwritten) == [])
    }

    @Test func `a lease that ends while a sweep has yet to write it gets no row`() {
        var unwritten = Unwritten()
        unwritten.add(lease: 1)
        unwritten.beginSweep(through: 1)
        unwritten.add(lease: 1)
        #expect(drain(&unwritten) == [])
    }

    @Test func `what changes during a sweep waits for the next one`() {
        var unwritten = Unwritten()
        unwritten.add(progress: 1)
        unwritten.add(bookmark: [1], of: 1)
        unwritten.journalGrew(by: 10)
        unwritten.beginSweep(through: 1)
        unwritten.add(progress: 1)
        unwritten.add(bookmark: [2], of: 1)
        unwritten.journalGrew(by: 5)
        // The bookmark that is written is the one that holds now.
        #expect(drain(&unwritten) == [.progress(1), .bookmark(1, [2])])
        unwritten.endSweep()
        #expect(!unwritten.isEmpty)
        #expect(unwritten.journalBytes == 5)
        unwritten.beginSweep(through: 2)
        #expect(drain(&unwritten) == [.progress(1)])
        unwritten.endSweep()
        #expect(unwritten.isEmpty)
    }

    @Test func `a record is in no row until a sweep has written it; one that is gone takes its row with it`() {
        var unwritten = Unwritten()
        unwritten.add(record: RecordKey(.host, 3), [1])
        unwritten.add(record: RecordKey(.host, 4), nil)
        unwritten.add(record: RecordKey(.quota, 3), [2])
        #expect(unwritten.records(.host, 3...3).map(\.value) == [[1]])
        #expect(unwritten.records(.host, 0...1_000).count == 2)
        unwritten.beginSweep(through: 1)
        #expect(
            drain(&unwritten) == [
                .record(RecordKey(.quota, 3), [2]), .record(RecordKey(.host, 3), [1]),
                .record(RecordKey(.host, 4), nil),
            ])
        unwritten.endSweep()
        #expect(unwritten.records(.host, 0...1_000).isEmpty)
    }

    @Test func `a record that changes during a sweep is read as it is and written by the next one`() {
        var unwritten = Unwritten()
        unwritten.add(record: RecordKey(.host, 3), [1])
        unwritten.beginSweep(through: 1)
        unwritten.add(record: RecordKey(.host, 3), [2])
        #expect(unwritten.records(.host, 3...3).last?.value == [2])
        #expect(drain(&unwritten) == [])
        unwritten.endSweep()
        unwritten.beginSweep(through: 2)
        #expect(drain(&unwritten) == [.record(RecordKey(.host, 3), [2])])
    }
}
