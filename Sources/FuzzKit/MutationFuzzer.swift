import Model

/// Makes new inputs of kept ones, from a seed: the same seed gives the same inputs everywhere.
package struct MutationFuzzer: Sendable {
    private let corpus: [[UInt8]]
    private let maxBytes: Int
    private var random: SeededRandom

    /// Numbers at which decoders err: ends of ranges, tags of the wrong type, lengths that reach too far.
    package static let binary: [UInt8] = [0, 1, 2, 3, 4, 5, 8, 10, 18, 0x7F, 0x80, 0x81, 0xC0, 0xF8, 0xFE, 0xFF]

    /// Characters at which readers of text err.
    package static let textual = Array("<>&;\"'{}[]\\,:#%*$-/\n\t 09u\u{FF}".utf8)

    private let telling: [UInt8]

    package init(
        corpus: [[UInt8]], seed: UInt64, maxBytes: Int = 2_048, telling: [UInt8] = MutationFuzzer.binary
    ) {
        precondition(!corpus.isEmpty, "there is nothing to mutate")
        self.corpus = corpus
        self.maxBytes = maxBytes
        self.telling = telling
        random = SeededRandom(seed: seed)
    }

    package mutating func next() -> [UInt8] {
        var input = pick()
        for _ in 0...random.below(4) { mutate(&input) }
        if input.count > maxBytes { input.removeLast(input.count - maxBytes) }
        return input
    }

    private mutating func pick() -> [UInt8] { random.oneOf(corpus) }

    private mutating func place(in input: [UInt8]) -> Int { Int(random.below(UInt64(input.count))) }

    private mutating func tellingByte() -> UInt8 { random.oneOf(telling) }

    private mutating func mutate(_ input: inout [UInt8]) {
        guard !input.isEmpty else { return input = random.bytes(Int(random.below(16))) }
        switch random.below(8) {
        case 0: input[place(in: input)] ^= 1 << UInt8(random.below(8))
        case 1: input[place(in: input)] = tellingByte()
        case 2: input[place(in: input)] = UInt8(truncatingIfNeeded: random.next())
        case 3: input.insert(tellingByte(), at: place(in: input))
        case 4: input.remove(at: place(in: input))
        case 5: input.removeLast(place(in: input))
        case 6: splice(&input)
        default: input[place(in: input)] &+= random.oneIn(2) ? 1 : 0xFF
        }
    }

    /// The head of one and the tail of another.
    private mutating func splice(_ input: inout [UInt8]) {
        let other = pick()
        guard !other.isEmpty else { return }
        input.removeLast(place(in: input))
        input += other[place(in: other)...]
    }
}
