/// A small `map<string, string>`: pairs ordered by the bytes of their keys, in one array. For the few pairs of an
/// artifact it is built and read several times faster than a dictionary, and it has one encoding only.
package struct StringMap: Hashable, Sendable {
    package struct Pair: Hashable, Sendable {
        package var key: String
        package var value: String
    }

    /// Room made for the first pair, so that a few more need no other allocation.
    private static let usualCount = 4

    package private(set) var pairs: [Pair] = []

    package init() {}

    /// Of equal keys the last one stays, as protobuf asks.
    package init(_ pairs: some Sequence<(key: String, value: String)>) {
        self.pairs = pairs.map { Pair(key: $0.key, value: $0.value) }
        order()
    }

    package var count: Int { pairs.count }
    package var isEmpty: Bool { pairs.isEmpty }

    package subscript(key: String) -> String? {
        get {
            // From the first on, as there are few, and in place, as an element taken out is retained.
            pairs.withUnsafeBufferPointer { pairs in
                for place in pairs.indices where StringMap.equal(pairs[place].key, key) { return pairs[place].value }
                return nil
            }
        }
        set {
            let place = place(of: key)
            switch (holds(key, at: place), newValue) {
            case (true, let value?): pairs[place].value = value
            case (true, nil): pairs.remove(at: place)
            case (false, let value?): pairs.insert(Pair(key: key, value: value), at: place)
            case (false, nil): break
            }
        }
    }

    /// The first place whose key is not before `key`.
    private func place(of key: String) -> Int {
        var low = 0
        var high = pairs.count
        while low < high {
            let middle = (low + high) / 2
            if StringMap.precedes(pairs[middle].key, key) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func holds(_ key: String, at place: Int) -> Bool {
        place < pairs.count && !StringMap.precedes(key, pairs[place].key)
    }

    private static func equal(_ a: String, _ b: String) -> Bool {
        guard a.utf8.count == b.utf8.count else { return false }
        return a.utf8Span.span.withUnsafeBytes { a in
            b.utf8Span.span.withUnsafeBytes { b in
                var place = 0
                while place < a.count, a[place] == b[place] { place += 1 }
                return place == a.count
            }
        }
    }

    /// Bytes decide: to Swift, strings that differ may be canonically equal, and would fall together here.
    private static func precedes(_ a: String, _ b: String) -> Bool {
        a.utf8Span.span.withUnsafeBytes { a in
            b.utf8Span.span.withUnsafeBytes { b in
                let common = Swift.min(a.count, b.count)
                var place = 0
                while place < common, a[place] == b[place] { place += 1 }
                return place < common ? a[place] < b[place] : a.count < b.count
            }
        }
    }
}

extension StringMap: Sequence, ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { (key: $0.0, value: $0.1) })
    }

    package func makeIterator() -> IndexingIterator<[Pair]> { pairs.makeIterator() }
}

extension StringMap {
    /// Keys that come with almost every artifact. A string of more than 15 bytes would be allocated each time.
    private static let usualKeys = ["collection_method", "source_type", "domain"]

    /// Reads one entry of the map field. `finish` must follow the last one.
    package mutating func decodeEntry(_ reader: inout ProtoReader) throws(WireError) {
        if pairs.isEmpty { pairs.reserveCapacity(StringMap.usualCount) }
        try reader.charge(MemoryLayout<Pair>.stride * (pairs.isEmpty ? StringMap.usualCount : 1))
        var pair = Pair(key: "", value: "")
        let outer = try reader.enter()
        while let tag = try reader.nextTag() {
            switch tag {
            case 10: pair.key = try reader.string(oneOf: StringMap.usualKeys)
            case 18: pair.value = try reader.string()
            default: try reader.skip(tag)
            }
        }
        reader.leave(outer)
        pairs.append(pair)
    }

    /// Puts decoded entries in order; senders that order them themselves pay one comparison a pair.
    package mutating func finish() {
        for place in pairs.indices.dropFirst()
        where !StringMap.precedes(pairs[place - 1].key, pairs[place].key) {
            return order()
        }
    }

    private mutating func order() {
        let arrived = pairs.enumerated().sorted { a, b in
            if StringMap.precedes(a.element.key, b.element.key) { return true }
            return !StringMap.precedes(b.element.key, a.element.key) && a.offset < b.offset
        }
        pairs.removeAll(keepingCapacity: true)
        for (_, pair) in arrived {
            if let last = pairs.last, !StringMap.precedes(last.key, pair.key) { pairs.removeLast() }
            pairs.append(pair)
        }
    }

    package func encode(_ writer: inout ProtoWriter, tag: UInt32) {
        pairs.withUnsafeBufferPointer { pairs in
            var place = pairs.count
            while place > 0 {
                place -= 1
                let end = writer.position
                writer.string(pairs[place].value)
                writer.tag(18)
                writer.string(pairs[place].key)
                writer.tag(10)
                writer.length(since: end)
                writer.tag(tag)
            }
        }
    }

    package func encodedSize(tag: Int) -> Int {
        pairs.reduce(0) {
            $0 + tag + ProtoSize.prefixed(2 + ProtoSize.string($1.key) + ProtoSize.string($1.value))
        }
    }
}
