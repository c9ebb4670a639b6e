import Model
import Testing

@testable import Coordinator

@Suite struct SketchIndexTests {
    /// Texts of 100 words of their own; a share of the words can be exchanged.
    private static func text(_ number: Int, exchanging: Int = 0, with other: String = "x") -> ArraySlice<UInt8> {
        let words = (0..<100).map { $0 < exchanging ? "\(other)\($0)" : "t\(number)w\($0)" }
        return Array(words.joined(separator: " ").utf8)[...]
    }

    private static func sketch(_ text: ArraySlice<UInt8>) throws -> TextSketch {
        var shingles = Shingles()
        return try #require(TextSketch(shingles: shingles.read(text)))
    }

    @Test func `the percentage is shared shingles of all different shingles`() {
        var shingles = Shingles()
        // 98 shingles each; those that hold one of the first 10 words, 10 of them, differ: 88 of 108.
        let similarity = shingles.similarity(
            SketchIndexTests.text(1), SketchIndexTests.text(1, exchanging: 10))
        #expect(similarity == 88.0 / 108.0)
        #expect(shingles.similarity(Array("One  TWO".utf8)[...], Array("one two".utf8)[...]) == 1)
        #expect(shingles.similarity(Array("one two".utf8)[...], Array("one".utf8)[...]) == 0)
        #expect(shingles.similarity(Array("… !".utf8)[...], Array("one".utf8)[...]) == nil)
    }

    @Test(arguments: [(0, 1.0), (5, 93.0 / 103), (15, 83.0 / 113), (30, 68.0 / 128)])
    func `a sketch estimates it within a sixth`(exchanged: Int, exact: Double) throws {
        for number in 0..<50 {
            let first = try SketchIndexTests.sketch(SketchIndexTests.text(number))
            let second = try SketchIndexTests.sketch(SketchIndexTests.text(number, exchanging: exchanged))
            #expect(abs(first.similarity(to: second) - exact) < 1.0 / 6)
        }
    }

    @Test func `texts without words have no sketch, and empty bins make nothing alike`() throws {
        #expect(TextSketch(shingles: []) == nil)
        let (a, b) = (
            try SketchIndexTests.sketch(Array("one".utf8)[...]), try SketchIndexTests.sketch(Array("two".utf8)[...])
        )
        #expect(a.similarity(to: b) == 0)
        #expect(a.similarity(to: a) == 1)
    }

    @Test func `the nearest is found among thousands, and not what it was told to leave out`() throws {
        var index = SketchIndex(limit: 4_000)
        for number in 1...3_000 {
            index.add(try SketchIndexTests.sketch(SketchIndexTests.text(number)), of: UInt64(number))
        }
        var found = 0
        for number in stride(from: 1, through: 3_000, by: 30) {
            let wanted = try SketchIndexTests.sketch(SketchIndexTests.text(number, exchanging: 15))
            if index.nearest(to: wanted)?.artifact == UInt64(number) { found += 1 }
        }
        // Texts three quarters alike are found 998 times of 1,000.
        #expect(found >= 98)
        let own = try SketchIndexTests.sketch(SketchIndexTests.text(7))
        #expect(index.nearest(to: own) == NearText(artifact: 7, similarity: 1))
        #expect(index.nearest(to: own, except: 7) == nil)
    }

    @Test func `only the newest are held, and memory stays within its bound`() throws {
        var index = SketchIndex(limit: 2_000)
        for number in 1...7_000 {
            index.add(try SketchIndexTests.sketch(SketchIndexTests.text(number)), of: UInt64(number))
        }
        #expect(index.count == 2_000)
        #expect(index.nearest(to: try SketchIndexTests.sketch(SketchIndexTests.text(5_000))) == nil)
        for number: UInt64 in [5_001, 6_500, 7_000] {
            let sketch = try SketchIndexTests.sketch(SketchIndexTests.text(Int(number)))
            #expect(index.nearest(to: sketch) == NearText(artifact: number, similarity: 1))
            #expect(index.sketch(of: number) == sketch)
        }
        #expect(index.sketch(of: 5_000) == nil)
        #expect(index.bytes < 2_048 * 600)
    }

    @Test func `of equal ones the newest is given`() throws {
        var index = SketchIndex(limit: 100)
        let sketch = try SketchIndexTests.sketch(SketchIndexTests.text(1))
        for number: UInt64 in 1...60 { index.add(sketch, of: number) }
        #expect(index.nearest(to: sketch) == NearText(artifact: 60, similarity: 1))
        #expect(index.nearest(to: sketch, except: 60) == NearText(artifact: 59, similarity: 1))
    }

    @Test func `a stored sketch is read as it was`() throws {
        let sketch = try SketchIndexTests.sketch(SketchIndexTests.text(3))
        var bytes: [UInt8] = []
        sketch.append(to: &bytes)
        #expect(bytes.count == 128)
        #expect(TextSketch(stored: bytes) == sketch)
    }
}
