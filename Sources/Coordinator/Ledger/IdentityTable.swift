import Sealing
import Storage

/// The two indexes and the stored identities they are verified against: all that a look-up needs.
final class IdentityTable: CommittedIdentities {
    private let database: Database
    private var digests = DigestIndex()
    private var contents = DigestIndex()
    /// First id of each segment, in order; a segment's place in it is its ordinal.
    private var firsts: [UInt32] = []
    private var cache = [CachedSegment?](repeating: nil, count: 512)  // of about 5 KiB each
    var streams: [UInt64: StreamState] = [:]

    private struct CachedSegment {
        var first: UInt32
        var packed: [UInt8]
    }

    init(database: Database) { self.database = database }

    var indexBytes: Int { digests.bytes + contents.bytes + firsts.count * 4 }

    /// Reads the whole narrow table; afterwards it is what it was when the last commit returned.
    func rebuild() throws(LedgerError) -> UInt64 {
        var next: UInt64 = 1
        var damaged: UInt64?
        try storing { () throws(StorageError) in
            try database.query("SELECT first, packed FROM identity ORDER BY first") { row in
                let first = row.uint(0)
                if first != next { damaged = damaged ?? next }
                row.withBlob(1) { (packed: UnsafeRawBufferPointer) in insert(first: UInt32(first), packed) }
                next = first + row.withBlob(1) { UInt64($0.count / PackedIdentity.size) }
            }
            try database.query("SELECT id, node, last_applied FROM stream") { row in
                streams[row.uint(0)] = StreamState(node: row.text(1), lastApplied: row.uint(2))
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

    private func insert(first: UInt32, _ packed: UnsafeRawBufferPointer) {
        firsts.append(first)
        for place in 0..<packed.count / PackedIdentity.size {
            let number = first + UInt32(place)
            digests.insert(PackedIdentity.digest(packed, place), number: number)
            if PackedIdentity.ownsContent(packed, place) {
                contents.insert(PackedIdentity.content(packed, place), number: number)
            }
        }
    }

    // MARK: Look-ups

    func stream(_ id: UInt64) -> StreamState? { streams[id] }

    func artifact(with digest: Digest) throws(LedgerError) -> StoredIdentity? {
        try find(digest, in: digests, PackedIdentity.digest)
    }

    func content(with digest: Digest) throws(LedgerError) -> StoredIdentity? {
        try find(digest, in: contents, PackedIdentity.content)
    }

    private func find(
        _ digest: Digest, in index: DigestIndex, _ stored: (UnsafeRawBufferPointer, Int) -> Digest
    ) throws(LedgerError) -> StoredIdentity? {
        var rawCheck: UInt64 = 0
        let number = try index.find(digest) { number throws(LedgerError) in
            let segment = try self.segment(of: number)
            return segment.packed.withUnsafeBytes { packed in
                let place = Int(number - segment.first)
                rawCheck = PackedIdentity.rawCheck(packed, place)
                return stored(packed, place) == digest
            }
        }
        return number.map { StoredIdentity(id: UInt64($0), rawCheck: rawCheck) }
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
            digests = DigestIndex()
            contents = DigestIndex()
            firsts = []
        }
    }
#endif
