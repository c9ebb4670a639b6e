import Sealing

/// What one group is about to store, by digest. Small and short-lived: open addressing over the digest's own bits,
/// which are as random as any hash of them.
struct PendingIndex {
    private struct Entry {
        var digest: Digest
        var identity: StoredIdentity
    }

    private var entries: [Entry] = []
    /// Places in `entries`, counted from 1; 0 is free. Always a power of two in number, at most half of them taken.
    private var slots = [UInt32](repeating: 0, count: 256)

    mutating func insert(_ digest: Digest, _ identity: StoredIdentity) {
        entries.append(Entry(digest: digest, identity: identity))
        if entries.count * 2 > slots.count { grow() }
        place(UInt32(entries.count))
    }

    func find(_ digest: Digest) -> StoredIdentity? {
        var slot = start(digest)
        while slots[slot] != 0 {
            let entry = entries[Int(slots[slot]) - 1]
            if entry.digest == digest { return entry.identity }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private func start(_ digest: Digest) -> Int { Int(truncatingIfNeeded: digest.words.1) & (slots.count - 1) }

    private mutating func place(_ number: UInt32) {
        var slot = start(entries[Int(number) - 1].digest)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = number
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for number in 1..<UInt32(entries.count) { place(number) }
    }
}
