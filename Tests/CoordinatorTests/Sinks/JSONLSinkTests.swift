import Compression
import Glibc
import Model
import TestKit
import Testing
import Wire

@testable import Coordinator

/// The files of a sink, read as any reader of concatenated frames would.
struct ShardReading {
    let directory: String

    func bytes(_ name: String) -> [UInt8] {
        let descriptor = open(directory + "/" + name, O_RDONLY)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return all }
            all += buffer[..<count]
        }
    }

    var shards: [String] {
        var names: [String] = []
        guard let listing = opendir(directory) else { return [] }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".jsonl.zst") { names.append(name) }
        }
        return names.sorted()
    }

    /// The ids in all shards, in order. A frame begins at zstd's magic number, which our texts do not hold.
    func ids() throws -> [String] {
        try shards.flatMap { name in
            let bytes = bytes(name)
            let starts = bytes.indices.filter { bytes[$0...].starts(with: [0x28, 0xB5, 0x2F, 0xFD]) }
            return try zip(starts, starts.dropFirst() + [bytes.count]).flatMap { start, end in
                let text = try #require(Zstd().decompress(bytes[start..<end], limit: 1 << 20))
                return try text.split(separator: 10).map { try #require(FlatJSON($0)?.string("id")) }
            }
        }
    }
}

@Suite struct JSONLSinkTests {
    private let wall = WallTime(milliseconds: 1_700_000_000_000)

    private func sink(_ rig: FeedRig, bytes: UInt64 = Limits.shardBytes) -> JSONLSink {
        JSONLSink(
            directory: rig.fixture.directory.file("feed"), incarnation: 1, compressor: Zstd(), shardBytes: bytes)
    }

    private func reading(_ rig: FeedRig) -> ShardReading {
        ShardReading(directory: rig.fixture.directory.file("feed"))
    }

    private func filled(_ count: Int) throws -> FeedRig {
        let rig = try FeedRig()
        try rig.store((1...count).map { FeedRig.artifact($0) })
        try rig.pass()
        #expect(rig.feed.figures.scenarios == UInt64(count))
        return rig
    }

    @Test func `scenarios are appended in order, and a full or old shard is closed and in the manifest`() async throws {
        let rig = try filled(9)
        let sink = sink(rig, bytes: 300)
        #expect(await sink.begin(try rig.state(), at: wall).trouble == nil)
        var now = wall
        for _ in 0..<3 {
            let answer = await sink.deliver(try rig.waiting(3), at: now)
            #expect(answer.trouble == nil)
            try rig.store(answer.report)
            sink.stored(answer.report)
            now.milliseconds += 1
        }
        #expect(try rig.waiting().isEmpty)
        #expect(reading(rig).shards == (1...3).map { "scenarios-0001-0000000\($0).jsonl.zst" })
        #expect(try reading(rig).ids() == (1...9).map { "s1-\($0)" })
        now.milliseconds += Int64(Limits.shardAge.milliseconds)
        let last = try #require(sink.idle(at: now))
        try rig.store(last)
        sink.stored(last)
        #expect(sink.idle(at: now) == nil)
        let manifest = String(decoding: reading(rig).bytes("manifest.json"), as: UTF8.self)
        #expect(manifest.split(separator: "\"records\": 3").count == 4)
        #expect(try rig.state().shards.allSatisfy { $0.isClosed })
    }

    /// Where a crash may fall between the append and the record.
    enum Crash: CaseIterable {
        case beforeAppend, afterHalfTheAppend, afterAppend, afterRecord
    }

    @Test(arguments: 0..<60)
    func `across crashes at every persist step each scenario is in the shards once`(number: Int) async throws {
        var random = SeededRandom(seed: UInt64(number))
        let rig = try filled(10)
        let bytes = 200 + random.below(1_500)
        var fell: Set<Crash> = []
        while !(try rig.waiting().isEmpty) {
            let sink = sink(rig, bytes: bytes)
            #expect(await sink.begin(try rig.state(), at: wall).trouble == nil)
            let crash = Crash.allCases[Int(random.below(4))]
            fell.insert(crash)
            if crash == .beforeAppend { continue }
            let answer = await sink.deliver(try rig.waiting(1 + Int(random.below(3))), at: wall)
            #expect(answer.trouble == nil)
            if crash == .afterHalfTheAppend { try tear(rig, answer.report, &random) }
            if crash == .afterRecord { try rig.store(answer.report) }
            // The sink is abandoned as it is; half the time the database is opened anew as well.
            if random.oneIn(2) { try rig.restart() }
        }
        #expect(await sink(rig, bytes: bytes).begin(try rig.state(), at: wall).trouble == nil)
        #expect(try reading(rig).ids() == (1...10).map { "s1-\($0)" })
        #expect(rig.feed.figures.delivered == 10)
        #expect(fell.contains(.afterRecord))
    }

    /// Of an append that was not synced, any part may be on disk.
    private func tear(_ rig: FeedRig, _ report: DeliveryReport, _ random: inout SeededRandom) throws {
        let shard = try #require(report.shards.last)
        let before = try rig.state().shards.last { $0.number == shard.number }?.length ?? 0
        let path = rig.fixture.directory.file("feed/" + ShardFolder.name(shard))
        #expect(truncate(path, off_t(before + random.below(shard.length - before))) == 0)
    }

    @Test func `a shard that lost recorded bytes is refused by name`() async throws {
        let rig = try filled(2)
        let first = sink(rig)
        _ = await first.begin(try rig.state(), at: wall)
        try rig.store(await first.deliver(try rig.waiting(), at: wall).report)
        let path = rig.fixture.directory.file("feed/scenarios-0001-00000001.jsonl.zst")
        #expect(truncate(path, 10) == 0)
        let trouble = await sink(rig).begin(try rig.state(), at: wall).trouble
        let length = try #require(try rig.state().shards.first?.length)
        #expect(
            trouble == "\(path) has 10 bytes and \(length) were written to it; bring back the whole file, or move the "
                + "directory of shards away, and the feed goes on in a new shard")
    }

    @Test func `a directory that cannot be made is said, and costs nothing but delay`() async throws {
        let rig = try filled(1)
        let sink = JSONLSink(directory: "/proc/no/feed", incarnation: 1, compressor: Zstd())
        #expect(
            await sink.begin(try rig.state(), at: wall).trouble
                == "could not make /proc/no/feed: No such file or directory")
        #expect(try rig.waiting().count == 1)
    }

    @Test func `tombstones have a folder of their own`() async throws {
        let rig = try filled(1)
        try rig.store([FeedRig.artifact(1, text: "new", signals: ["x-robots-tag": "noai"])])
        let sink = sink(rig)
        _ = await sink.begin(try rig.state(), at: wall)
        let answer = await sink.deliver(try rig.waiting(), at: wall)
        try rig.store(answer.report)
        #expect(try reading(rig).ids() == ["s1-1"])
        #expect(try ShardReading(directory: reading(rig).directory + "/withdrawn").ids() == ["s1-2"])
        #expect(rig.feed.figures.waiting == 0)
    }

    @Test func `qualities that a reader appends are taken line by line, once, and others are skipped`() async throws {
        let rig = try filled(2)
        var sink = sink(rig)
        _ = await sink.begin(try rig.state(), at: wall)
        let path = rig.fixture.directory.file("feed/quality.jsonl")
        let text = "{\"id\":\"s1-1\",\"quality\":0.9}\nnonsense\n{\"id\":\"s1-2\",\"quality\":7}\n{\"id\":\"s1-2\","
        try write(text, to: path)
        let first = try #require(sink.idle(at: wall))
        try rig.store(first)
        sink.stored(first)
        #expect(try rig.ratings().map(\.quality) == [0.9])
        #expect(sink.idle(at: wall) == nil)
        try write("\"quality\":0.1}\n", to: path)
        try rig.restart()
        sink = self.sink(rig)
        _ = await sink.begin(try rig.state(), at: wall)
        try rig.store(try #require(sink.idle(at: wall)))
        #expect(try rig.ratings().map(\.quality) == [0.9, 0.1])
    }

    private func write(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        #expect(Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count)
    }
}
