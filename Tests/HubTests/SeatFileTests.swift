import Coordinator
import Model
import TestKit
import Testing

@testable import Hub

/// Who an orchestrator is, over its starts.
@Suite struct SeatFileTests {
    private let directory = TemporaryDirectory()

    private func begin(at seconds: Int64, seed: UInt64 = 1) throws(LedgerError) -> SeatFile {
        var random = SeededRandom(seed: seed)
        return try SeatFile(
            beginIn: directory.path, wall: WallTime(milliseconds: seconds * 1_000), random: &random)
    }

    @Test func `the id stays and the incarnation grows, whatever the clock says`() throws {
        let first = try begin(at: 1_000)
        #expect(first.id.count == 16 && first.incarnation == 1_000 && first.cluster == nil)
        let second = try begin(at: 900, seed: 2)
        #expect(second.id == first.id && second.incarnation == 1_001)
        #expect(try begin(at: 5_000).incarnation == 5_000)
    }

    @Test func `the cluster whose receipts it reads is kept`() throws {
        var file = try begin(at: 1_000)
        let cluster = ClusterName(id: Array(1...16), incarnation: 3)
        try file.belongs(to: cluster)
        try file.belongs(to: cluster)
        #expect(try begin(at: 1_000).cluster == cluster)
    }

    @Test func `a draft that a crash left behind is in nobody's way`() throws {
        let first = try begin(at: 1_000)
        try BackupFiles.write([1, 2, 3], to: directory.file(SeatFile.name + ".new"))
        #expect(try begin(at: 1_000).id == first.id)
    }

    @Test func `a file that says nothing of use is named, with what to do`() throws {
        try BackupFiles.write(Array("rookery orchestrator 1\nid 12\n".utf8), to: directory.file(SeatFile.name))
        do throws(LedgerError) {
            _ = try begin(at: 1_000)
            Issue.record("it was taken")
        } catch {
            #expect(error.description.contains("\(SeatFile.name) does not say who this orchestrator is; put it back"))
        }
    }
}
