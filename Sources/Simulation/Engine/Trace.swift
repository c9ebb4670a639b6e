import Model

/// What happened, in order, as one number; and as lines where somebody wants to read them.
struct Trace {
    private(set) var hash: UInt64 = 0x6A09_E667_F3BC_C909
    private(set) var events: UInt64 = 0
    /// Called with each line; nil: nobody reads.
    var reader: ((String) -> Void)?

    mutating func note(_ at: Instant, _ event: StaticString, _ a: UInt64, _ b: UInt64, _ words: () -> String) {
        events += 1
        mix(at.nanoseconds)
        event.withUTF8Buffer { for byte in $0 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 } }
        mix(a)
        mix(b)
        guard let reader else { return }
        let seconds = String(at.nanoseconds / 1_000_000_000)
        let fraction = String(at.nanoseconds % 1_000_000_000 / 1_000)
        let padding = String(repeating: "0", count: 6 - fraction.count)
        reader("\(seconds).\(padding)\(fraction)  \(event) \(words())")
    }

    private mutating func mix(_ value: UInt64) {
        let product = (hash ^ value).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        hash = product.high ^ product.low ^ value
    }
}
