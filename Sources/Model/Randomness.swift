/// Where a component's random numbers come from. Not for secrets: those come from `Sealing`.
package protocol RandomSource: Sendable {
    mutating func next() -> UInt64
}

extension RandomSource {
    /// A number from 0 up to but not including `bound`; `bound` is at least 1.
    package mutating func below(_ bound: UInt64) -> UInt64 {
        next().multipliedFullWidth(by: bound).high
    }

    package mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next() >> 32) }
    }

    /// True once in `n` times, on average.
    package mutating func oneIn(_ n: UInt64) -> Bool { below(n) == 0 }

    /// Any of `choices`, each as likely; there is at least one.
    package mutating func oneOf<Choice>(_ choices: [Choice]) -> Choice {
        choices[Int(below(UInt64(choices.count)))]
    }
}

/// SplitMix64: small, fast, and the same from the same seed on every machine.
package struct SeededRandom: RandomSource {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// The operating system's randomness.
package struct SystemRandom: RandomSource {
    private var generator = SystemRandomNumberGenerator()

    package init() {}

    package mutating func next() -> UInt64 { generator.next() }
}
