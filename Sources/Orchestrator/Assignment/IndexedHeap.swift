/// A heap whose members can be moved and removed by their number: nothing stale ever stays in it, so that its size is
/// the number of things that wait. Four children a parent: half the levels of two, and the four lie side by side.
///
/// Numbers are small and dense. Where many heaps share the numbers of one kind and each number is in at most one of
/// them, they share one array of places too: hence it is passed in.
struct IndexedHeap<Key: Comparable & Sendable>: Sendable {
    struct Entry: Sendable {
        var key: Key
        var id: Int
    }

    private(set) var entries: [Entry] = []

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }
    var first: Entry? { entries.first }

    /// The one that would be first without the first.
    var second: Entry? {
        entries.count < 2 ? nil : entries[leastChild(of: 0)]
    }

    /// Adds the number, or moves it to its new key.
    mutating func set(_ id: Int, _ key: Key, _ places: inout Places) {
        var at = places[id]
        if at < 0 {
            at = entries.count
            entries.append(Entry(key: key, id: id))
            places[id] = at
            rise(at, &places)
        } else if key < entries[at].key {
            entries[at].key = key
            rise(at, &places)
        } else {
            entries[at].key = key
            sink(at, &places)
        }
    }

    /// False: it was not there.
    @discardableResult
    mutating func remove(_ id: Int, _ places: inout Places) -> Bool {
        let at = places[id]
        guard at >= 0 else { return false }
        places[id] = -1
        let last = entries.removeLast()
        guard last.id != id else { return true }
        entries[at] = last
        places[last.id] = at
        rise(at, &places)
        sink(places[last.id], &places)
        return true
    }

    private mutating func rise(_ start: Int, _ places: inout Places) {
        let entry = entries[start]
        var at = start
        while at > 0, entry.key < entries[(at - 1) / 4].key {
            entries[at] = entries[(at - 1) / 4]
            places[entries[at].id] = at
            at = (at - 1) / 4
        }
        guard at != start else { return }
        entries[at] = entry
        places[entry.id] = at
    }

    private mutating func sink(_ start: Int, _ places: inout Places) {
        let entry = entries[start]
        var at = start
        while 4 * at + 1 < entries.count {
            let child = leastChild(of: at)
            guard entries[child].key < entry.key else { break }
            entries[at] = entries[child]
            places[entries[at].id] = at
            at = child
        }
        guard at != start else { return }
        entries[at] = entry
        places[entry.id] = at
    }

    /// It has one at least.
    private func leastChild(of parent: Int) -> Int {
        var least = 4 * parent + 1
        for child in least + 1..<max(least + 1, min(least + 4, entries.count))
        where entries[child].key < entries[least].key {
            least = child
        }
        return least
    }
}

/// Where in its heap each number is; -1: in none.
struct Places: Sendable {
    private var values: [Int32] = []

    subscript(id: Int) -> Int {
        get { id < values.count ? Int(values[id]) : -1 }
        set {
            while id >= values.count { values.append(-1) }
            values[id] = Int32(truncatingIfNeeded: newValue)
        }
    }
}

/// A heap with places of its own.
struct Ranking<Key: Comparable & Sendable>: Sendable {
    private(set) var heap = IndexedHeap<Key>()
    private var places = Places()

    var first: IndexedHeap<Key>.Entry? { heap.first }
    var second: IndexedHeap<Key>.Entry? { heap.second }
    var isEmpty: Bool { heap.isEmpty }

    mutating func set(_ id: Int, _ key: Key) { heap.set(id, key, &places) }
    @discardableResult
    mutating func remove(_ id: Int) -> Bool { heap.remove(id, &places) }
}
