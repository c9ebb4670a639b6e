import Synchronization

/// A number that only grows. Adding costs one relaxed atomic addition.
package final class Counter: Sendable {
    private let count = Atomic<UInt64>(0)

    package init() {}

    package func add(_ n: UInt64 = 1) { count.wrappingAdd(n, ordering: .relaxed) }
    package func add(_ n: Int) { count.wrappingAdd(UInt64(n), ordering: .relaxed) }
    package var value: UInt64 { count.load(ordering: .relaxed) }
}

/// A number that goes up and down.
package final class Gauge: Sendable {
    private let level = Atomic<Int64>(0)

    package init() {}

    package func set(_ value: Int) { level.store(Int64(value), ordering: .relaxed) }
    package func add(_ n: Int) { level.wrappingAdd(Int64(n), ordering: .relaxed) }
    package var value: Int64 { level.load(ordering: .relaxed) }
}
