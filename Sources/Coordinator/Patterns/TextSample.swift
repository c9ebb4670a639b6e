import Model

/// A uniform sample of the texts of the last 24 hours, from the order of arrival and a seed alone. Each text has a rank
/// drawn from its id; kept are those of the lowest ranks. Every hour has its own bound, under which all its texts are
/// kept: one busy hour lowers the bounds of those then kept, and not of those that come when it is forgotten.
struct TextSample: Equatable {
    struct Entry: Equatable {
        var artifact: UInt64
        var at: WallTime
        var rank: UInt64
    }

    /// What an offer or the time has changed, to be stored with it.
    struct Changes: Equatable {
        var added: Entry?
        var removed: [UInt64] = []
        /// Whether `bounds` are others than before.
        var hasNewBounds = false
    }

    let limit: Int
    let seed: UInt64
    private(set) var entries: [Entry] = []
    /// By hour since 1970: a text of that hour is kept when its rank is below.
    private(set) var bounds: [Int64: UInt64] = [:]

    private static let hour: Int64 = 3_600 * 1_000  // ms

    init(limit: Int = Limits.patternTexts, seed: UInt64 = TextSample.seed) {
        self.limit = limit
        self.seed = seed
    }

    static let seed: UInt64 = 0x5EED_7E47

    /// One made again from what was stored.
    init(limit: Int = Limits.patternTexts, stored: [(artifact: UInt64, at: WallTime)], bounds: [Int64: UInt64]) {
        self.init(limit: limit)
        self.bounds = bounds
        entries = stored.map { Entry(artifact: $0.artifact, at: $0.at, rank: rank($0.artifact)) }
    }

    private func rank(_ artifact: UInt64) -> UInt64 {
        var random = SeededRandom(seed: seed &+ artifact &* 0x9E37_79B9_7F4A_7C15)
        return random.next()
    }

    private static func hour(_ at: WallTime) -> Int64 { at.milliseconds / hour }

    // MARK: Following

    mutating func offer(_ artifact: UInt64, at: WallTime) -> Changes {
        let rank = rank(artifact)
        guard rank < bounds[TextSample.hour(at), default: .max] else { return Changes() }
        let entry = Entry(artifact: artifact, at: at, rank: rank)
        entries.append(entry)
        var changes = Changes(added: entry)
        // A quarter more than are needed, so that the work of choosing is shared by many offers.
        if entries.count > limit + limit / 4 + 1 { trim(now: at, &changes) }
        return changes
    }

    /// Drops what is too old, then the highest ranks above the limit.
    private mutating func trim(now: WallTime, _ changes: inout Changes) {
        let before = bounds
        let oldest = now.milliseconds - Limits.patternWindow
        changes.removed += entries.lazy.filter { $0.at.milliseconds < oldest }.map(\.artifact)
        entries.removeAll { $0.at.milliseconds < oldest }
        bounds = bounds.filter { ($0.key + 1) * TextSample.hour > oldest }
        if entries.count > limit {
            let bound = entries.map(\.rank).sorted()[limit]
            for entry in entries { bounds[TextSample.hour(entry.at), default: .max] = bound }
            // Not above what stood: a bound only falls while its hour counts.
            for (hour, old) in before where bounds[hour] != nil { bounds[hour] = min(old, bounds[hour] ?? old) }
            changes.removed += entries.lazy.filter { $0.rank >= bound }.map(\.artifact)
            entries.removeAll { $0.rank >= bound }
        }
        changes.hasNewBounds = bounds != before
    }

    // MARK: Asking

    /// The sample at a moment, by id: every text of the 24 hours before it is in it with the same chance.
    func current(at now: WallTime) -> [UInt64] {
        let oldest = now.milliseconds - Limits.patternWindow
        var bound = bounds.lazy.filter { ($0.key + 1) * TextSample.hour > oldest }.map(\.value).min() ?? .max
        var chosen = entries.filter { $0.at.milliseconds >= oldest && $0.rank < bound }
        if chosen.count > limit {
            bound = chosen.map(\.rank).sorted()[limit]
            chosen.removeAll { $0.rank >= bound }
        }
        return chosen.map(\.artifact).sorted()
    }
}
