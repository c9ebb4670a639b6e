import Sealing
import Storage

/// The two indexes and the stored identities they are verified against: all that a look-up needs.
final class IdentityTable: CommittedIdentities {
    private let database: Database
    private let known: KnownDigests
    /// First id of each segment, in order; a segment's place in it is its ordinal.
    private var firsts: [UInt32] = []
    private var cache = [CachedSegment?](repeating: nil, count: 2_048)  // of about 5 KiB each
    var streams: [UInt64: StreamState] = [:]
    private var standings = StandingTable()
    private var variants = DigestIndex()
    private var nodeNumbers: [String: UInt32] = [:]
    private var fetched: UInt64 = 0

    private struct CachedSegment {
        var first: UInt32
        var packed: [UInt8]
    }

    /// What is in `known` is forgotten.
    init(database: Database, known: KnownDigests) {
        self.database = database
        self.known = known
        known.clear()
    }

    var indexBytes: Int {
        known.bytes + variants.bytes + standings.bytes + firsts.count * 4
    }

    /// What the tables hold, to be compared with what the head row counts.
    struct Counts: Equatable {
        var artifacts: UInt64 = 0
        var versions: UInt64 = 0
        var variants: UInt64 = 0
    }

    /// Reads the narrow tables whole; afterwards it is what it was when the last commit returned.
    func rebuild() throws(LedgerError) -> Counts {
        var counts = Counts()
        counts.artifacts = try rebuildIdentities()
        try storing { () throws(StorageError) in
            try database.query("SELECT artifact, number, node, weight FROM version ORDER BY artifact, number") { row in
                counts.versions += 1
                let weight = Weight(steps: UInt16(truncatingIfNeeded: row.int(3)))
                standings.set(
                    Standing(
                        version: UInt16(truncatingIfNeeded: row.int(1)), weight: weight,
                        node: UInt32(truncatingIfNeeded: row.int(2))), of: row.uint(0))
            }
            try database.query("SELECT home, raw_check FROM variant") { row in
                counts.variants += 1
                add(variant: row.uint(1), of: row.uint(0))
            }
            try database.query("SELECT number, name FROM node ORDER BY number") { row in
                nodeNumbers[row.text(1)] = UInt32(truncatingIfNeeded: row.int(0))
            }
        }
        return counts
    }

    private func rebuildIdentities() throws(LedgerError) -> UInt64 {
        var next: UInt64 = 1
        var damaged: UInt64?
        try storing { () throws(StorageError) in
            try database.query("SELECT first, packed FROM identity ORDER BY first") { row in
                let first = row.uint(0)
                if first != next { damaged = damaged ?? next }
                row.withBlob(1) { (packed: UnsafeRawBufferPointer) in insert(first: UInt32(first), packed) }
                next = first + row.withBlob(1) { UInt64($0.count / PackedIdentity.size) }
            }
            try database.query("SELECT id, node, last_applied, version, recent FROM stream") { row in
                streams[row.uint(0)] = StreamState(
                    node: row.text(1), lastApplied: row.uint(2), version: row.uint(3),
                    recent: RecentVerdicts(packed: row.blob(4)))
            }
        }
        if let damaged { throw .damaged(what: "artifact \(damaged) has no identity") }
        return next - 1
    }

    /// Makes one committed segment visible.
    func add(first: UInt64, packed: [UInt8]) {
        packed.withUnsafeBytes { insert(first: UInt32(first), $0) }
        cache[(firsts.count - 1) & (cache.count - 1)] = CachedSegment(first: UInt32(first), packed: packed)
    }

    /// Makes committed names of known artifacts visible. What the indexes hold of the names before is met by no stored
    /// digest any more; the next start leaves it out.
    func rename(first: UInt64, packed: [UInt8]) {
        let ordinal = ordinal(of: UInt32(first))
        packed.withUnsafeBytes { index(first: UInt32(first), $0) }
        if cache[ordinal & (cache.count - 1)]?.first == UInt32(first) {
            cache[ordinal & (cache.count - 1)]?.packed = packed
        }
    }

    /// Makes what a committed group added to known artifacts visible.
    func add(_ book: VersionBook, nodes: [String]) {
        for (artifact, standing) in book.standings { standings.set(standing, of: artifact) }
        for variant in book.variants { add(variant: variant.prepared.identity.rawCheck, of: variant.home) }
        for name in nodes { nodeNumbers[name] = UInt32(nodeNumbers.count + 1) }
    }

    private func add(variant rawCheck: UInt64, of home: UInt64) {
        variants.insert(IdentityTable.key(rawCheck, home), number: UInt32(truncatingIfNeeded: home))
    }

    private static func key(_ rawCheck: UInt64, _ home: UInt64) -> Digest {
        Digest(words: (rawCheck ^ home &* 0x9E37_79B9_7F4A_7C15, 0, 0, 0))
    }

    private func insert(first: UInt32, _ packed: UnsafeRawBufferPointer) {
        firsts.append(first)
        index(first: first, packed)
    }

    private func index(first: UInt32, _ packed: UnsafeRawBufferPointer) {
        known.add { artifacts, contents in
            for place in 0..<packed.count / PackedIdentity.size {
                let number = first + UInt32(place)
                artifacts.insert(PackedIdentity.digest(packed, place), number: number)
                if PackedIdentity.ownsContent(packed, place) {
                    contents.insert(PackedIdentity.content(packed, place), number: number)
                }
            }
        }
    }

    // MARK: Look-ups

    func fetch(_ batch: PreparedBatch) { fetched = known.fetch(batch.tags) }

    func stream(_ id: UInt64) -> StreamState? { streams[id] }

    func standing(of artifact: UInt64) -> Standing? { standings[artifact] }

    var nodes: Int { nodeNumbers.count }

    func number(ofNode name: String) -> UInt32? { nodeNumbers[name] }

    func hasVariant(home: UInt64, rawCheck: UInt64) throws(LedgerError) -> Bool {
        let found = try variants.find(IdentityTable.key(rawCheck, home)) { number throws(LedgerError) in
            guard number == UInt32(truncatingIfNeeded: home) else { return false }
            return try storing { () throws(StorageError) in
                try database.first(
                    "SELECT 1 FROM variant WHERE home = ? AND raw_check = ?", .int(home), .int(rawCheck)
                ) { _ in true }
            } ?? false
        }
        return found != nil
    }

    func artifact(with digest: Digest) throws(LedgerError) -> StoredIdentity? {
        var found: StoredIdentity?
        _ = try known.artifact(digest) { number throws(LedgerError) in
            found = try verified(number, digest, PackedIdentity.digest)
            return found != nil
        }
        return found
    }

    func content(with digest: Digest) throws(LedgerError) -> StoredIdentity? {
        var found: StoredIdentity?
        _ = try known.content(digest) { number throws(LedgerError) in
            found = try verified(number, digest, PackedIdentity.content)
            return found != nil
        }
        return found
    }

    /// Nil when the digest stored under the number is another.
    private func verified(
        _ number: UInt32, _ digest: Digest, _ stored: (UnsafeRawBufferPointer, Int) -> Digest
    ) throws(LedgerError) -> StoredIdentity? {
        let segment = try segment(of: number)
        return segment.packed.withUnsafeBytes { packed in
            let place = Int(number - segment.first)
            guard stored(packed, place) == digest else { return nil }
            return PackedIdentity.stored(packed, place, id: UInt64(number))
        }
    }

    private func segment(of number: UInt32) throws(LedgerError) -> CachedSegment {
        let ordinal = ordinal(of: number)
        let first = firsts[ordinal]
        let slot = ordinal & (cache.count - 1)
        if let cached = cache[slot], cached.first == first { return cached }
        let packed = try storing { () throws(StorageError) in
            try database.first("SELECT packed FROM identity WHERE first = ?", .int(first)) { $0.blob(0) }
        }
        guard let packed, packed.count >= (Int(number - first) + 1) * PackedIdentity.size else {
            throw .damaged(what: "artifact \(number) has no identity")
        }
        let segment = CachedSegment(first: first, packed: packed)
        cache[slot] = segment
        return segment
    }

    /// The last segment whose first id is not above the number.
    private func ordinal(of number: UInt32) -> Int {
        var low = 0
        var high = firsts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if firsts[middle] <= number { low = middle } else { high = middle }
        }
        return low
    }
}

#if PLANTED_BUGS
    extension IdentityTable {
        /// The bug: what was stored before this process began is not known to be stored.
        func forgetArtifacts() {
            known.clear()
            firsts = []
        }
    }
#endif
