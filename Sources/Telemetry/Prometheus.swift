extension Registry {
    /// Every metric in Prometheus' text format, named `rookery_…`, in a stable order.
    package func prometheusText() -> String {
        var text = ""
        for (name, family) in snapshot() {
            let members = family.members.sorted { Registry.render($0.key) < Registry.render($1.key) }
            guard let first = members.first else { continue }
            let full = "rookery_\(name)\(first.value.suffix(family.unit))"
            text += "# HELP \(full) \(Registry.escape(family.help))\n# TYPE \(full) \(first.value.type)\n"
            for (labels, metric) in members { metric.append(to: &text, full, labels, family.unit) }
        }
        return text
    }

    fileprivate static func render(_ labels: Labels, adding quantile: String? = nil) -> String {
        var pairs = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(escape($0.value, quotes: true))\"" }
        if let quantile { pairs.append("quantile=\"\(quantile)\"") }
        return pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}"
    }

    private static func escape(_ value: String, quotes: Bool = false) -> String {
        var escaped = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}

extension Registry.Metric {
    fileprivate var type: String {
        switch self {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "summary"
        }
    }

    fileprivate func suffix(_ unit: MetricUnit) -> String {
        switch (self, unit) {
        case (.counter, _): "_total"
        case (_, .bytes): "_bytes"
        case (_, .nanoseconds): "_seconds"
        case (_, .count): ""
        }
    }

    fileprivate func append(to text: inout String, _ name: String, _ labels: Registry.Labels, _ unit: MetricUnit) {
        switch self {
        case .counter(let counter):
            text += "\(name)\(Registry.render(labels)) \(counter.value)\n"
        case .gauge(let gauge):
            text += "\(name)\(Registry.render(labels)) \(Registry.Metric.show(gauge.value, unit))\n"
        case .histogram(let histogram):
            let snapshot = histogram.snapshot()
            let quantiles = [("0.5", snapshot.p50), ("0.99", snapshot.p99), ("1", snapshot.max)]
            for (quantile, value) in quantiles {
                text += "\(name)\(Registry.render(labels, adding: quantile)) \(Registry.Metric.show(value, unit))\n"
            }
            text += "\(name)_sum\(Registry.render(labels)) \(Registry.Metric.show(snapshot.sum, unit))\n"
            text += "\(name)_count\(Registry.render(labels)) \(snapshot.count)\n"
        }
    }

    private static func show(_ value: some BinaryInteger, _ unit: MetricUnit) -> String {
        unit == .nanoseconds ? "\(Double(value) / 1e9)" : "\(value)"
    }
}
