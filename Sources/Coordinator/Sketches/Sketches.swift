import Model
package import Storage

/// Follows the ledger with a sketch per text, and for each new one the text of the last 100,000 that it is most like.
package final class Sketches: DerivedConsumer {
    package let name = "sketches"
    package let needsContent = true
    private var index = SketchIndex(limit: Limits.sketchedTexts)
    private var shingles = Shingles()
    /// The stored rows, oldest first: those that no longer count are deleted.
    private var rows = KeptRows(limit: Limits.sketchedTexts)

    private static let entry = 8 + TextSketch.bytes  // bytes: the artifact's id, little-endian, and its sketch

    package init() {}

    // MARK: Asking

    /// The artifact that this one was most like when it came, among the last 100,000 texts before it; nil when it is
    /// no text, or was less than half like any.
    package func nearest(to artifact: UInt64, in database: Database) throws(StorageError) -> NearText? {
        try database.first("SELECT other, similarity FROM near_text WHERE artifact = ?", .int(artifact)) {
            NearText(artifact: $0.uint(0), similarity: $0.double(1))
        }
    }

    /// The most similar among the last 100,000 texts, as they are now; nil when none shares a band with it.
    package func nearest(to text: ArraySlice<UInt8>, except artifact: UInt64? = nil) -> NearText? {
        sketch(of: text).flatMap { index.nearest(to: $0, except: artifact) }
    }

    /// Nil for a text without words.
    package func sketch(of text: ArraySlice<UInt8>) -> TextSketch? { TextSketch(shingles: shingles.read(text)) }

    /// The kept sketch of an artifact; nil when it is not among the last 100,000 texts.
    package func sketch(of artifact: UInt64) -> TextSketch? { index.sketch(of: artifact) }

    package var count: Int { index.count }
    package var indexBytes: Int { index.bytes }

    // MARK: Following

    package func load(from database: Database) throws(StorageError) {
        index = SketchIndex(limit: Limits.sketchedTexts)
        rows = KeptRows(limit: Limits.sketchedTexts)
        var versions: [UInt64] = []
        try database.query("SELECT version, entries FROM sketch ORDER BY version") { row in
            versions.append(row.uint(0))
            _ = rows.append(row.uint(0), count: Int(row.int(1)))
        }
        for version in versions {
            let packed = try database.first("SELECT packed FROM sketch WHERE version = ?", .int(version)) { $0.blob(0) }
            unpack(packed ?? [])
        }
    }

    private func unpack(_ packed: [UInt8]) {
        for start in stride(from: 0, to: packed.count - Sketches.entry + 1, by: Sketches.entry) {
            let id = (0..<8).reduce(UInt64(0)) { $0 | UInt64(packed[start + $1]) << (8 * UInt64($1)) }
            index.add(TextSketch(stored: packed[(start + 8)..<(start + Sketches.entry)]), of: id)
        }
    }

    package func apply(_ commit: ChangeCommit, in database: Database) throws(StorageError) {
        var packed: [UInt8] = []
        for stored in commit.stored where stored.contentType == "text" {
            guard let content = stored.content, let sketch = sketch(of: content) else { continue }
            if let near = index.nearest(to: sketch), near.similarity >= Limits.nearDuplicate {
                try database.run(
                    "INSERT INTO near_text VALUES(?, ?, ?)", .int(stored.id), .int(near.artifact),
                    .double(near.similarity))
            }
            index.add(sketch, of: stored.id)
            for shift in 0..<8 { packed.append(UInt8(truncatingIfNeeded: stored.id >> (8 * UInt64(shift)))) }
            sketch.append(to: &packed)
        }
        guard !packed.isEmpty else { return }
        let count = packed.count / Sketches.entry
        try database.run("INSERT INTO sketch VALUES(?, ?, ?)", .int(commit.version), .int(count), .blob(packed))
        for version in rows.append(commit.version, count: count) {
            try database.run("DELETE FROM sketch WHERE version = ?", .int(version))
        }
    }
}

/// Which rows together hold the newest entries up to a limit.
struct KeptRows {
    private let limit: Int
    private var rows: [(version: UInt64, count: Int)] = []
    private var first = 0
    private var sum = 0

    init(limit: Int) { self.limit = limit }

    /// Takes one more row and gives those that are no longer needed.
    mutating func append(_ version: UInt64, count: Int) -> [UInt64] {
        rows.append((version, count))
        sum += count
        var gone: [UInt64] = []
        while sum - rows[first].count >= limit {
            gone.append(rows[first].version)
            sum -= rows[first].count
            first += 1
        }
        if first > 1_024, first * 2 > rows.count {
            rows.removeFirst(first)
            first = 0
        }
        return gone
    }
}
