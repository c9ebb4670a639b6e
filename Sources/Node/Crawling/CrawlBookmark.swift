import Compression
import Fetching
import Model

/// Where a crawl stands that is still under way: what it has seen, and as many of the pages that it has yet to visit as
/// fit. A crawl that was cut goes on from there.
struct CrawlBookmark: Equatable {
    private static let version: UInt8 = 7
    private static let mostVisited = 512  // hashes of pages, 8 bytes each
    private static let mostWaiting = 2_000  // pages that are tried to fit
    private static let mostText = 512 * Limits.kibibyte  // of their addresses, before compression

    /// What the crawl's options were: those of another are begun anew.
    var task: UInt64
    var found: UInt64
    var seen: SeenItems
    var frontier: Frontier.Rest

    init(task: UInt64, found: Int, seen: SeenItems, frontier: Frontier.Rest) {
        self.task = task
        self.found = UInt64(found)
        self.seen = seen
        self.frontier = frontier
    }

    /// Nil for what this version did not write, and for the bookmark of a crawl that has ended.
    init?(_ bytes: ArraySlice<UInt8>?) {
        guard var reader = BookmarkReader(bytes, version: Self.version), let task = reader.number(),
            let found = reader.number(), let items = reader.bytes(), let seen = SeenItems(items[...]),
            let visited = reader.number(), let count = reader.number(), count <= Self.mostVisited
        else { return nil }
        var hashes: [UInt64] = []
        for _ in 0..<count { hashes.append(reader.number() ?? 0) }
        guard let packed = reader.bytes(), reader.isAtEnd,
            let text = Zstd().decompress(packed, limit: Self.mostText)
        else { return nil }
        self.init(
            task: task, found: Int(clamping: found), seen: seen,
            frontier: Frontier.Rest(
                visited: Int(clamping: visited), hashes: hashes, waiting: CrawlBookmark.places(text)))
    }

    /// At most what a bookmark may have: pages that do not fit are left out, the last ones first.
    var bytes: [UInt8] {
        var writer = BookmarkWriter(version: Self.version)
        writer.number(task)
        writer.number(found)
        writer.bytes(seen.bytes[...])
        writer.number(UInt64(frontier.visited))
        // The first are those that every page leads to, the last those that lie beside what comes next.
        let half = frontier.hashes.dropLast(Self.mostVisited / 2).prefix(Self.mostVisited / 2)
        let hashes = half + frontier.hashes.suffix(Self.mostVisited / 2)
        writer.number(UInt64(hashes.count))
        hashes.forEach { writer.number($0) }
        let room = Limits.maxBookmark - writer.bytes.count - 8
        var count = min(frontier.waiting.count, Self.mostWaiting)
        while true {
            let packed = CrawlBookmark.packed(frontier.waiting.prefix(count))
            if packed.count <= room {
                writer.bytes(packed[...])
                return writer.bytes
            }
            count = count * 3 / 4
        }
    }

    // MARK: Places, a line each

    private static func packed(_ places: ArraySlice<Frontier.Place>) -> [UInt8] {
        let lines = places.map { "\($0.depth) \($0.location)\n" }.joined()
        var packed: [UInt8] = []
        Zstd().compress(Array(lines.utf8.prefix(mostText))[...], into: &packed)
        return packed
    }

    private static func places(_ text: [UInt8]) -> [Frontier.Place] {
        text.split(separator: 10).compactMap { line in
            let parts = line.split(separator: 32, maxSplits: 1)
            guard parts.count == 2, let depth = Int(String(decoding: parts[0], as: UTF8.self)),
                let location = try? Location(String(decoding: parts[1], as: UTF8.self))
            else { return nil }
            return Frontier.Place(location: location, depth: depth)
        }
    }
}
