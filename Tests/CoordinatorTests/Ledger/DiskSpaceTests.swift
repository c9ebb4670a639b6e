import Model
import TestKit
import Testing

@testable import Coordinator

@Suite struct DiskSpaceTests {
    @Test func `the usual mark is two gibibytes, or a twentieth of a small disk`() {
        #expect(DiskSpace.usualMark(size: 1 << 40) == 2 << 30)
        #expect(DiskSpace.usualMark(size: 40 << 30) == 2 << 30)
        #expect(DiskSpace.usualMark(size: 20 << 30) == 1 << 30)
    }

    @Test func `a mark above what is free says how much that is, and is asked anew after a second`() throws {
        let directory = TemporaryDirectory()
        var full = DiskSpace(directory: directory.path, lowWater: .max)
        let shortage = full.shortage(now: .zero)
        let free = try #require(shortage)
        #expect(free > 0 && free < .max)
        var empty = DiskSpace(directory: directory.path, lowWater: 0)
        let none = empty.shortage(now: .zero)
        #expect(none == nil)
        // Nobody can tell how much is free where there is nothing: intake stays open, and SQLite says what is wrong.
        var nowhere = DiskSpace(directory: directory.file("none"), lowWater: .max - 1)
        let unknown = nowhere.shortage(now: .zero)
        #expect(unknown == nil)
    }
}
