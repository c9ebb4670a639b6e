import Model

@testable import Orchestrator

/// Short names for the values that the machines' tests are made of.
func id(_ number: UInt64) -> TargetID { TargetID(high: 7, low: number) }

func ref(_ lease: UInt64, target: UInt64 = 1, incarnation: UInt64 = 1) -> LeaseRef {
    LeaseRef(lease: lease, target: id(target), fence: Fence(incarnation: incarnation, counter: lease))
}

func wall(_ seconds: Int64) -> WallTime { WallTime(milliseconds: seconds * 1_000) }

func at(_ seconds: UInt64) -> Instant { Instant.zero + .seconds(seconds) }

/// Always the same number: for the two ends of a random wait.
struct FixedRandom: RandomSource {
    var value: UInt64
    mutating func next() -> UInt64 { value }
}
