package import Sealing

/// Maps digests to artifact numbers in about ten bytes an entry.
///
/// An entry keeps 32 bits of the digest (its tag) and the number; the caller verifies candidates against the stored
/// digest. The table is extendible hashing: a directory over buckets of a fixed size, of which one at a time is split,
/// so that growing never copies more than one bucket.
package struct DigestIndex: ~Copyable {
    private var directory: [Bucket]
    private var depth: UInt32 = 0
    package private(set) var count = 0
    private var buckets = 1
    private var memory = BucketMemory()

    package init() { directory = [Bucket(in: memory.take(), depth: 0)] }

    /// Bytes that the entries' buckets take.
    package var bytes: Int { buckets * Bucket.size * 8 + directory.count * 8 }

    package mutating func insert(_ digest: Digest, number: UInt32) {
        let tag = DigestIndex.tag(digest)
        while directory[place(tag)].isFull { split(tag) }
        directory[place(tag)].insert(tag: tag, number: number)
        count += 1
    }

    /// Gives each number whose tag matches to `verify` until that says yes, and returns that number.
    package func find(
        _ digest: Digest, verify: (UInt32) throws(LedgerError) -> Bool
    ) throws(LedgerError) -> UInt32? {
        let tag = DigestIndex.tag(digest)
        let bucket = directory[place(tag)]
        var slot = Bucket.start(tag)
        while let number = bucket.next(tag: tag, from: &slot) {
            if try verify(number) { return number }
        }
        return nil
    }

    /// Whether any number stands under the digest's tag.
    package func mayHold(_ digest: Digest) -> Bool {
        let tag = DigestIndex.tag(digest)
        var slot = Bucket.start(tag)
        return directory[place(tag)].next(tag: tag, from: &slot) != nil
    }

    /// The slot at which a look-up of this tag begins.
    func first(_ tag: UInt32) -> UInt64 { directory[place(tag)].entry(Bucket.start(tag)) }

    static func tag(_ digest: Digest) -> UInt32 { UInt32(truncatingIfNeeded: digest.words.0 >> 32) }

    /// The directory is indexed by the tag's upper bits, a bucket's slots by its lower ones.
    private func place(_ tag: UInt32) -> Int { depth == 0 ? 0 : Int(tag >> (32 - depth)) }

    private mutating func split(_ tag: UInt32) {
        let old = directory[place(tag)]
        if old.depth == depth {
            precondition(depth < 24, "a digest index holds at most 2^24 buckets")
            directory = directory.flatMap { [$0, $0] }
            depth += 1
        }
        buckets += 1
        let zero = Bucket(in: memory.take(), depth: old.depth + 1)
        let one = Bucket(in: memory.take(), depth: old.depth + 1)
        let bit = UInt32(1) << (31 - old.depth)
        old.forEach { tag, number in (tag & bit == 0 ? zero : one).insert(tag: tag, number: number) }
        // The places that led to the old bucket lie side by side: the first half now leads to zero, the rest to one.
        let span = 1 << Int(depth - old.depth)
        let first = place(tag) & ~(span - 1)
        for i in 0..<span { directory[first + i] = i < span / 2 ? zero : one }
        memory.give(old.memory)
    }
}

/// Open addressing with linear probing over a fixed number of slots; a slot of zero is empty.
///
/// Bare memory and not an object: millions are inserted at start, each somewhere else, and the processor waits for
/// several of them at once only when no reference is counted in between.
struct Bucket {
    static let slots = 4_096
    static let capacity = 3_072  // three quarters: probes stay short
    /// The slots, and before them the depth and how many are used.
    static let size = slots + 2

    let memory: UnsafeMutablePointer<UInt64>
    private var entries: UnsafeMutablePointer<UInt64> { memory + 2 }

    init(in memory: UnsafeMutablePointer<UInt64>, depth: UInt32) {
        self.memory = memory
        memory.initialize(repeating: 0, count: Bucket.size)
        memory[0] = UInt64(depth)
    }

    var depth: UInt32 { UInt32(memory[0]) }

    var isFull: Bool { memory[1] == Bucket.capacity }

    /// The tag's low bits are spread by a multiplication, because buckets deep in the directory share the upper ones.
    static func start(_ tag: UInt32) -> Int { Int((tag &* 0x9E37_79B1) >> 20) }

    func entry(_ slot: Int) -> UInt64 { entries[slot] }

    func insert(tag: UInt32, number: UInt32) {
        var slot = Bucket.start(tag)
        while entries[slot] != 0 { slot = (slot + 1) & (Bucket.slots - 1) }
        entries[slot] = UInt64(tag) << 32 | UInt64(number)
        memory[1] += 1
    }

    /// The next number under this tag, and where to look after it; nil at the end of the run.
    func next(tag: UInt32, from slot: inout Int) -> UInt32? {
        while entries[slot] != 0 {
            let entry = entries[slot]
            slot = (slot + 1) & (Bucket.slots - 1)
            if UInt32(entry >> 32) == tag { return UInt32(truncatingIfNeeded: entry) }
        }
        return nil
    }

    func forEach(_ body: (UInt32, UInt32) -> Void) {
        for slot in 0..<Bucket.slots where entries[slot] != 0 {
            let entry = entries[slot]
            body(UInt32(entry >> 32), UInt32(truncatingIfNeeded: entry))
        }
    }
}
