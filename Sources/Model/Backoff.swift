/// Exponential backoff with full jitter: the wait before attempt n is anything from 0 to min(cap, base · 2ⁿ).
package struct Backoff: Sendable {
    package let base: Span
    package let cap: Span
    package private(set) var attempt: UInt64 = 0

    package init(base: Span, cap: Span) {
        self.base = base
        self.cap = cap
    }

    package mutating func next(_ random: inout some RandomSource) -> Span {
        let ceiling = Backoff.ceiling(attempt: attempt, base: base, cap: cap)
        attempt += 1
        return Span(nanoseconds: random.below(ceiling.nanoseconds + 1))
    }

    package mutating func reset() { attempt = 0 }

    /// min(cap, base · 2ᵃᵗᵗᵉᵐᵖᵗ), without overflow.
    package static func ceiling(attempt: UInt64, base: Span, cap: Span) -> Span {
        guard attempt < 40, base.nanoseconds <= UInt64.max >> (attempt + 1) else { return cap }
        return min(cap, Span(nanoseconds: base.nanoseconds << attempt))
    }
}
