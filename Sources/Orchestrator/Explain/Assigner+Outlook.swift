import Model

/// What the assigner can say of itself without changing anything.
extension Assigner {
    /// Nil: the host's politeness lets another lease start now.
    func gate(of place: WorkPlace, now: Instant) -> Gate? {
        guard place.host != Assigner.noHost else { return nil }
        let host = keeper(of: place)
        if host.opens > now {
            let why =
                host.closedBy.isEmpty
                ? "the last collection from \(title(of: host)) has just begun"
                : host.sharers.isEmpty ? host.closedBy : "\(title(of: host)): \(host.closedBy)"
            return Gate(name: .hostPoliteness, reason: why, opensIn: host.opens.since(now))
        }
        guard host.collecting >= politeness.concurrency else { return nil }
        return Gate(
            name: .hostPoliteness,
            reason: "\(host.collecting) of at most \(politeness.concurrency) leases collect from \(title(of: host))")
    }

    /// With the hosts that share it.
    private func title(of host: HostGate) -> String {
        guard !host.sharers.isEmpty else { return host.title }
        let first = [host.name] + host.sharers.prefix(2).map { hosts[$0].name }
        return "\(host.title) (shared by \(Assigner.listed(first, of: host.sharers.count + 1)))"
    }

    /// The first few, and how many more there are.
    static func listed(_ first: [String], of count: Int) -> String {
        first.joined(separator: ", ") + (count > first.count ? " and \(count - first.count) more" : "")
    }

    /// Whether anything is due that the node could take, were it open.
    func hasWork(for node: NodeNumber) -> Bool {
        (offers[node] ?? []).contains { need in
            classOf[need].map { number in classes[number].queues.contains { !$0.targets.isEmpty } } ?? false
        }
    }

    /// The first due target of each queue in their order, with the node that is best for it now.
    func firsts(_ limit: Int) -> [(target: TargetNumber, node: NodeNumber?)] {
        let firsts = classes.flatMap { work in
            work.queues.compactMap { queue in queue.targets.first.map { (key: $0.key, node: work.node(avoiding: nil)) }
            }
        }
        return firsts.sorted { $0.key < $1.key }.prefix(limit).map { ($0.key.target, $0.node) }
    }

    /// What targets ask of nodes, each once.
    var needs: [Requirement] { classes.map(\.requirement) }

    /// Hosts whose targets are due more often than politeness lets them be collected, worst first; a minute's figures.
    var overloaded: [(name: String, wanted: Double, allowed: Double)] {
        hosts.dropFirst().compactMap { host in
            let delay = max(politeness.delay, host.delay).seconds
            guard delay > 0 else { return nil }
            let wanted = Double(host.demand) / Double(Assigner.demandUnit) * 60
            return wanted > 60 / delay ? (title(of: host), wanted, 60 / delay) : nil
        }.sorted { $0.wanted / $0.allowed > $1.wanted / $1.allowed }
    }

    func isWanted(_ host: String) -> Bool { hostOf[host].map { hosts[$0].demand > 0 } ?? false }

    /// A host's demand is counted in billionths of a collection a second, in whole numbers so that nothing drifts.
    static let demandUnit: Int64 = 1_000_000_000
}

extension Target {
    /// Collections a second that it asks for, in the assigner's unit.
    var demand: Int64 {
        switch state {
        case .scheduled, .due, .leased, .retry:
            timing.once ? 0 : Assigner.demandUnit * 1_000 / Int64(max(1, timing.step(pace: progress.pace).milliseconds))
        case .paused, .dead, .cancelled, .done: 0
        }
    }
}
