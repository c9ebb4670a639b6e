import Model
import Testing

@testable import Compression

@Suite struct ZstdTests {
    let zstd = Zstd()

    private func frame(_ content: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        zstd.compress(content[...], into: &output)
        return output
    }

    /// `count` bytes that compress, but not to nothing.
    private func text(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in UInt8(97 + random.below(8)) }
    }

    /// A frame that does not say how much it holds: `blocks` times 128 KiB of one byte, or one block of `lone` bytes.
    private func unsized(blocks: Int = 1, lone: UInt32? = nil) -> [UInt8] {
        var bytes: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x38]  // no content size; a window of 128 KiB
        for block in 0..<blocks {
            let header = (lone ?? 1 << 17) << 3 | 1 << 1 | (block == blocks - 1 ? 1 : 0)  // repeated byte; last
            bytes += [UInt8(header & 255), UInt8(header >> 8 & 255), UInt8(header >> 16), 65]
        }
        return bytes
    }

    @Test(arguments: [0, 1, 100, 1_024, 70_000, 3 << 20]) func contentComesBack(count: Int) {
        let content = text(count)
        let packed = frame(content)
        #expect(zstd.decompress(packed[...], limit: count) == content)
        #expect(count < 1_000 || packed.count < count / 2)
        #expect(Zstd(level: 9).decompress(packed[...], limit: count) == content)
    }

    @Test func aFrameIsAppendedAndASliceIsReadWhereItLies() {
        let content = text(5_000)
        var output: [UInt8] = [1, 2, 3]
        zstd.compress(content[1_000..<2_000], into: &output)
        #expect(output.prefix(3) == [1, 2, 3])
        #expect(zstd.decompress(output[3...], limit: 1_000) == Array(content[1_000..<2_000]))
    }

    @Test(arguments: [[], [0], [10], [500, 0, 1], [70_000, 200_000, 3]]) func piecesMakeOneFrame(sizes: [Int]) {
        let pieces = sizes.enumerated().map { text($0.element, seed: UInt64($0.offset))[...] }
        var output: [UInt8] = [9]
        zstd.compress(pieces: pieces, into: &output)
        let whole = pieces.flatMap { $0 }
        #expect(zstd.decompress(output[1...], limit: whole.count) == whole)
        // The size is in the frame: one byte less is refused without trying.
        #expect(whole.isEmpty || zstd.decompress(output[1...], limit: whole.count - 1) == nil)
        #expect(zstd.decompress(frame(text(10))[...], limit: 10) == text(10))
    }

    @Test func aFrameOverTheLimitIsRefusedWhateverItSays() {
        let content = [UInt8](repeating: 0, count: 1 << 20)
        let packed = frame(content)
        #expect(packed.count < 100)
        #expect(zstd.decompress(packed[...], limit: (1 << 20) - 1) == nil)
        #expect(zstd.decompress(packed[...], limit: 0) == nil)
        #expect(zstd.decompress(packed[...], limit: -1) == nil)
        #expect(zstd.decompress(unsized(blocks: 8_000)[...], limit: 1 << 20) == nil)
    }

    @Test func aFrameOfUnknownSizeIsReadUpToTheLimit() throws {
        let eight = unsized(blocks: 8)
        #expect(zstd.decompress(eight[...], limit: 1 << 20) == [UInt8](repeating: 65, count: 1 << 20))
        #expect(zstd.decompress(eight[...], limit: (1 << 20) - 1) == nil)
        let little = try #require(zstd.decompress(unsized(lone: 3)[...], limit: 8 << 20))
        #expect(little == [65, 65, 65] && little.capacity < 1_000)
    }

    @Test func anythingButOneWholeFrameIsRefused() {
        let packed = frame(text(300))
        #expect(zstd.decompress([], limit: 1_000) == nil)
        #expect(zstd.decompress((packed + [0])[...], limit: 1_000) == nil)
        #expect(zstd.decompress((packed + packed)[...], limit: 1_000) == nil)
        #expect(zstd.decompress([0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0], limit: 1_000) == nil)
        #expect(zstd.decompress(text(300)[...], limit: 1_000) == nil)
        for count in 0..<packed.count { #expect(zstd.decompress(packed[..<count], limit: 1_000) == nil) }
    }

    @Test func brokenFramesNeverGiveMoreThanTheLimit() {
        let packed = frame(text(2_000))
        var random = SeededRandom(seed: 7)
        var refused = 0
        for _ in 0..<20_000 {
            var broken = packed
            for _ in 0...random.below(4) {
                broken[Int(random.below(UInt64(packed.count)))] = UInt8(random.below(256))
            }
            let content = zstd.decompress(broken[...], limit: 2_500)
            if content == nil { refused += 1 }
            #expect(content.map { $0.count <= 2_500 } ?? true)
        }
        #expect(refused > 1_000)
        #expect(zstd.decompress(packed[...], limit: 2_000) == text(2_000))
    }

    @Test func threadsDoNotDisturbEachOther() async {
        let wrong = await withTaskGroup(of: Int.self) { group in
            for task in 0..<8 as Range<UInt64> {
                group.addTask {
                    (0..<50).count { round in
                        let content = text(Int(task) * 777 + round * 31, seed: task)
                        return zstd.decompress(frame(content)[...], limit: 10_000) != content
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }
}
