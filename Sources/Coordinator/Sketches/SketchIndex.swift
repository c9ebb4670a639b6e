/// A text that another is like.
package struct NearText: Equatable, Sendable {
    package var artifact: UInt64
    /// 0…1, as the sketches estimate it.
    package var similarity: Double
}

/// The newest sketches up to a capacity, found again by any band of three bins that they share with what is looked
/// for. A look-up costs the same however many are held: each band leads to at most `chain` of them, newest first.
package struct SketchIndex {
    private static let rows = 3
    private static let bands = TextSketch.bins / rows
    private static let chain = 16
    private static let smallest = 1_024

    private let limit: Int
    private var capacity: Int
    private var artifacts: [UInt64] = []
    private var sketches: [TextSketch] = []
    /// How many were ever added; the n-th of them lies at (n − 1) modulo capacity.
    private var added: UInt32 = 0
    /// For each band and bucket the number of the newest sketch in it; 0: none.
    private var heads: [UInt32] = []
    /// For each place and band the number of the next older sketch in the same bucket.
    private var older: [UInt32] = []
    private var seen: [UInt32] = []
    private var search: UInt32 = 0

    package init(limit: Int) {
        precondition(limit > 0, "an index holds at least one sketch")
        self.limit = limit
        capacity = min(limit, SketchIndex.smallest)
    }

    package var count: Int { sketches.count }

    /// Bytes that the index takes.
    package var bytes: Int {
        sketches.capacity * TextSketch.bytes + artifacts.capacity * 8
            + (heads.capacity + older.capacity + seen.capacity) * 4
    }

    // MARK: Looking up

    /// The most similar of those held, the newer of two equal ones; nil when no band is shared with any.
    package mutating func nearest(to sketch: TextSketch, except artifact: UInt64? = nil) -> NearText? {
        guard !sketches.isEmpty else { return nil }
        nextSearch()
        var best: (place: Int, similarity: Double)?
        for band in 0..<SketchIndex.bands {
            guard let bucket = bucket(band, of: sketch) else { continue }
            var number = heads[bucket]
            for _ in 0..<SketchIndex.chain {
                guard isHeld(number) else { break }
                let place = self.place(number)
                number = older[place * SketchIndex.bands + band]
                guard seen[place] != search else { continue }
                seen[place] = search
                let similarity = sketch.similarity(to: sketches[place])
                guard similarity > 0, artifacts[place] != artifact else { continue }
                let isBetter = best.map {
                    ($0.similarity, artifacts[$0.place]) < (similarity, artifacts[place])
                }
                if isBetter ?? true { best = (place, similarity) }
            }
        }
        return best.map { NearText(artifact: artifacts[$0.place], similarity: $0.similarity) }
    }

    private mutating func nextSearch() {
        search &+= 1
        guard search == 0 else { return }
        for place in seen.indices { seen[place] = 0 }
        search = 1
    }

    private func place(_ number: UInt32) -> Int { Int((number - 1) % UInt32(capacity)) }

    private func isHeld(_ number: UInt32) -> Bool { number > 0 && Int(added - number) < sketches.count }

    /// Nil for a band of empty bins, which all short texts share.
    private func bucket(_ band: Int, of sketch: TextSketch) -> Int? {
        let first = band * SketchIndex.rows
        let (a, b, c) = (sketch[first], sketch[first + 1], sketch[first + 2])
        guard a & b & c != TextSketch.empty else { return nil }
        let key = UInt64(a) | UInt64(b) << 16 | UInt64(c) << 32
        let buckets = heads.count / SketchIndex.bands
        return band * buckets + Int(truncatingIfNeeded: Shingles.mix(key) & UInt64(buckets - 1))
    }

    // MARK: Adding

    package mutating func add(_ sketch: TextSketch, of artifact: UInt64) {
        if heads.isEmpty || (sketches.count == capacity && capacity < limit) { grow() }
        // Numbers begin anew long before they would wrap; what is held is added again.
        if added == UInt32.max { rebuild() }
        insert(sketch, artifact)
    }

    private mutating func insert(_ sketch: TextSketch, _ artifact: UInt64) {
        added += 1
        let place = self.place(added)
        if place < sketches.count {
            sketches[place] = sketch
            artifacts[place] = artifact
        } else {
            sketches.append(sketch)
            artifacts.append(artifact)
        }
        for band in 0..<SketchIndex.bands {
            guard let bucket = bucket(band, of: sketch) else { continue }
            older[place * SketchIndex.bands + band] = heads[bucket]
            heads[bucket] = added
        }
    }

    private mutating func grow() {
        if !heads.isEmpty { capacity = min(limit, capacity * 2) }
        rebuild()
    }

    private mutating func rebuild() {
        let held = (0..<sketches.count).map { self.place(added - UInt32(sketches.count - 1 - $0)) }
        let (oldSketches, oldArtifacts) = (sketches, artifacts)
        var buckets = 1
        while buckets < capacity { buckets *= 2 }
        (sketches, artifacts, added, search) = ([], [], 0, 0)
        heads = Array(repeating: 0, count: buckets * SketchIndex.bands)
        older = Array(repeating: 0, count: capacity * SketchIndex.bands)
        seen = Array(repeating: 0, count: capacity)
        sketches.reserveCapacity(capacity)
        artifacts.reserveCapacity(capacity)
        for place in held { insert(oldSketches[place], oldArtifacts[place]) }
    }

    /// The sketch of one of those held; looked for from the newest on.
    package func sketch(of artifact: UInt64) -> TextSketch? {
        var number = added
        while isHeld(number) {
            let place = self.place(number)
            if artifacts[place] == artifact { return sketches[place] }
            number -= 1
        }
        return nil
    }
}
