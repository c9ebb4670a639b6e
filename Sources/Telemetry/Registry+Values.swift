extension Registry {
    /// Every counter and gauge as a name and a number, in the order of names; label values become part of the name.
    package func values() -> [(name: String, value: UInt64)] {
        snapshot().flatMap { name, family in
            family.members.compactMap { labels, metric -> (name: String, value: UInt64)? in
                let full = ([name] + labels.sorted { $0.key < $1.key }.map(\.value)).joined(separator: "_")
                switch metric {
                case .counter(let counter): return (full, counter.value)
                case .gauge(let gauge): return (full, UInt64(max(0, gauge.value)))
                case .histogram: return nil
                }
            }
        }.sorted { $0.name < $1.name }
    }
}
