/// Words as numbers. Numbers are given in the order of first sight, so the same texts give the same numbers.
struct WordTable {
    private var slots: [UInt32] = Array(repeating: 0, count: 1_024)  // number + 1; 0: free
    private var bytes: [UInt8] = []
    private var ends: [UInt32] = []
    private var hashes: [UInt32] = []
    /// How often each word was counted.
    private(set) var counts: [UInt32] = []

    var count: Int { counts.count }

    func word(_ number: Int) -> ArraySlice<UInt8> {
        bytes[(number == 0 ? 0 : Int(ends[number - 1]))..<Int(ends[number])]
    }

    /// The word's number, a new one at its first sight; counts it.
    mutating func add(_ word: UnsafeRawBufferPointer) -> UInt32 {
        let hash = UInt32(truncatingIfNeeded: Shingles.hash(word))
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] != 0 {
            let number = Int(slots[slot] - 1)
            if hashes[number] == hash, isEqual(number, word) {
                counts[number] &+= 1
                return UInt32(number)
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        let number = UInt32(count)
        slots[slot] = number + 1
        bytes.append(contentsOf: word)
        ends.append(UInt32(bytes.count))
        hashes.append(hash)
        counts.append(1)
        if count * 2 > slots.count { grow() }
        return number
    }

    private func isEqual(_ number: Int, _ word: UnsafeRawBufferPointer) -> Bool {
        let start = number == 0 ? 0 : Int(ends[number - 1])
        guard Int(ends[number]) - start == word.count else { return false }
        for place in 0..<word.count where bytes[start + place] != word[place] { return false }
        return true
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 2)
        for number in 0..<count { settle(number) }
    }

    private mutating func settle(_ number: Int) {
        var slot = Int(hashes[number]) & (slots.count - 1)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = UInt32(number) + 1
    }

    /// Keeps the first `pinned` words and those counted most, at most half; gives each old number's new one, or nil.
    mutating func halve(pinned: Int) -> [UInt32?] {
        let allowed = max(pinned, count / 2)
        var least: UInt32 = 2
        while pinned + counts[pinned...].count(where: { $0 >= least }) > allowed { least += 1 }
        var kept = WordTable()
        var numbers: [UInt32?] = []
        numbers.reserveCapacity(count)
        for number in 0..<count {
            guard number < pinned || counts[number] >= least else {
                numbers.append(nil)
                continue
            }
            let new = word(number).withUnsafeBytes { kept.add($0) }
            kept.counts[Int(new)] = counts[number]
            numbers.append(new)
        }
        self = kept
        return numbers
    }
}
