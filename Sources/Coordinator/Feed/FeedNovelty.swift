import Model
import Storage

/// Sketches of what was fed last: what is much like one of them is not novel.
struct FeedNovelty {
    private var index = SketchIndex(limit: Limits.feedKeys)
    private var shingles = Shingles()

    mutating func load(from database: Database) throws(StorageError) {
        index = SketchIndex(limit: Limits.feedKeys)
        let rows = try database.all(
            "SELECT artifact, sketch FROM feed_sketch ORDER BY sequence DESC LIMIT ?", .int(Limits.feedKeys)
        ) { (artifact: $0.uint(0), sketch: $0.blob(1)) }
        for row in rows.reversed() where row.sketch.count == TextSketch.bytes {
            index.add(TextSketch(stored: row.sketch), of: row.artifact)
        }
    }

    /// Nil for a text without words.
    mutating func sketch(of text: ArraySlice<UInt8>) -> TextSketch? { TextSketch(shingles: shingles.read(text)) }

    /// The artifact fed lately that a text of this sketch is nearly the same as.
    mutating func duplicate(of sketch: TextSketch) -> UInt64? {
        guard let near = index.nearest(to: sketch), near.similarity >= Limits.feedNearDuplicate else { return nil }
        return near.artifact
    }

    /// Stored in the transaction of the decision.
    mutating func fed(
        _ artifact: UInt64, _ sketch: TextSketch, sequence: UInt64, in database: Database
    ) throws(StorageError) {
        var packed: [UInt8] = []
        sketch.append(to: &packed)
        try database.run(
            "INSERT INTO feed_sketch VALUES(?, ?, ?)", .int(sequence), .int(artifact), .blob(packed))
        if sequence > UInt64(Limits.feedKeys) {
            try database.run("DELETE FROM feed_sketch WHERE sequence <= ?", .int(sequence - UInt64(Limits.feedKeys)))
        }
        index.add(sketch, of: artifact)
    }
}
