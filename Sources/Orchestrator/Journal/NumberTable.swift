/// Numbers in the order in which they came, each once, found by open addressing.
///
/// The standard tables hash so that no stranger can make them slow; that costs more than all else that a turn does with
/// these numbers, which are our own.
struct NumberTable: Sendable {
    private(set) var keys: [UInt64] = []
    /// Places in `keys`, counted from 1; 0 is free. Always a power of two in number, at most half of them taken.
    private var slots: [UInt32]
    private var shift: UInt64

    private static let least = 64

    init() {
        slots = [UInt32](repeating: 0, count: NumberTable.least)
        shift = NumberTable.shift(NumberTable.least)
    }

    var isEmpty: Bool { keys.isEmpty }

    func place(of key: UInt64) -> Int? {
        var slot = start(key)
        while slots[slot] != 0 {
            let place = Int(slots[slot]) - 1
            if keys[place] == key { return place }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Its place, and whether it was not there before.
    @discardableResult
    mutating func insert(_ key: UInt64) -> (place: Int, isNew: Bool) {
        var slot = start(key)
        while slots[slot] != 0 {
            let place = Int(slots[slot]) - 1
            if keys[place] == key { return (place, false) }
            slot = (slot + 1) & (slots.count - 1)
        }
        keys.append(key)
        if keys.count * 2 > slots.count { grow() } else { slots[slot] = UInt32(keys.count) }
        return (keys.count - 1, true)
    }

    /// Keeps its room, unless that is far more than was needed.
    mutating func removeAll() {
        guard !keys.isEmpty else { return }
        if keys.count * 64 < slots.count {
            self = NumberTable()
        } else {
            keys.removeAll(keepingCapacity: true)
            for slot in slots.indices { slots[slot] = 0 }
        }
    }

    private func start(_ key: UInt64) -> Int { Int((key &* 0x9E37_79B9_7F4A_7C15) >> shift) }

    private static func shift(_ count: Int) -> UInt64 { UInt64(64 - count.trailingZeroBitCount) }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        shift = NumberTable.shift(slots.count)
        for (place, key) in keys.enumerated() {
            var slot = start(key)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(place + 1)
        }
    }
}

/// Numbers in the order in which they were first touched, each once.
struct Touched<ID: FixedWidthInteger & Sendable>: Sendable {
    private var table = NumberTable()

    var isEmpty: Bool { table.isEmpty }
    var count: Int { table.keys.count }
    var order: some Collection<ID> { table.keys.lazy.map { ID(truncatingIfNeeded: $0) } }

    mutating func add(_ id: ID) { table.insert(UInt64(truncatingIfNeeded: id)) }
    mutating func removeAll() { table.removeAll() }
}

/// What was last said of each record.
struct RecordTable: Sendable {
    private var table = NumberTable()
    /// In the places of their keys; nil: it is there no more.
    private var values: [[UInt8]?] = []

    var isEmpty: Bool { values.isEmpty }
    var count: Int { values.count }
    var keys: some Collection<RecordKey> { table.keys.lazy.map(RecordKey.init(packed:)) }

    mutating func set(_ key: RecordKey, _ value: [UInt8]?) {
        let (place, isNew) = table.insert(key.packed)
        if isNew { values.append(value) } else { values[place] = value }
    }

    /// Nil: nothing was said; nil inside: it is there no more.
    subscript(key: RecordKey) -> [UInt8]?? { table.place(of: key.packed).map { values[$0] } }
}
