import Synchronization

/// What a metric's numbers mean: bytes and plain counts are shown as they are, nanoseconds as seconds.
package enum MetricUnit: Sendable {
    case count, bytes, nanoseconds
}

/// The named metrics of a process. Asking twice for the same name and labels gives the same metric.
package final class Registry: Sendable {
    package typealias Labels = [String: String]

    enum Metric: Sendable {
        case counter(Counter)
        case gauge(Gauge)
        case histogram(Histogram)
    }

    struct Family: Sendable {
        let help: String
        let unit: MetricUnit
        var members: [Labels: Metric] = [:]
    }

    private let families = Mutex<[String: Family]>([:])

    package init() {}

    package func counter(_ name: String, help: String, labels: Labels = [:]) -> Counter {
        let metric = find(name, help, .count, labels) { .counter(Counter()) }
        guard case .counter(let counter) = metric else { clash(name) }
        return counter
    }

    package func gauge(
        _ name: String, help: String, unit: MetricUnit = .count, labels: Labels = [:]
    ) -> Gauge {
        let metric = find(name, help, unit, labels) { .gauge(Gauge()) }
        guard case .gauge(let gauge) = metric else { clash(name) }
        return gauge
    }

    package func histogram(
        _ name: String, help: String, unit: MetricUnit = .nanoseconds, labels: Labels = [:]
    ) -> Histogram {
        let metric = find(name, help, unit, labels) { .histogram(Histogram()) }
        guard case .histogram(let histogram) = metric else { clash(name) }
        return histogram
    }

    /// All families by name, for an exposition.
    func snapshot() -> [(name: String, family: Family)] {
        families.withLock { $0 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private func find(
        _ name: String, _ help: String, _ unit: MetricUnit, _ labels: Labels, make: () -> Metric
    ) -> Metric {
        families.withLock { families in
            var family = families[name] ?? Family(help: help, unit: unit)
            let metric = family.members[labels] ?? make()
            family.members[labels] = metric
            families[name] = family
            return metric
        }
    }

    private func clash(_ name: String) -> Never {
        preconditionFailure("the metric \(name) is registered with another type")
    }
}
