import Model

/// What nodes and sinks say about each other, and how much of it counts.
extension Reputation {
    func isNewcomer(_ judge: Int64) -> Bool { judge > 0 && (nodes[judge]?.isNewcomer ?? true) }

    func judgeName(_ judge: Int64) -> String {
        if judge < 0 { return sinks[Int(-judge - 1)].name }
        return nodes[judge]?.name ?? "forgotten"
    }

    /// Nil when as many sinks as are kept apart have spoken.
    mutating func judge(sink: String) -> Int64? {
        if let place = sinks.firstIndex(where: { $0.name == sink }) { return -Int64(place) - 1 }
        guard sinks.count < Limits.reputationSinks else { return nil }
        sinks.append(SinkJudge(name: sink))
        return -Int64(sinks.count)
    }

    /// Whether a vote counts. It is remembered either way: a judge that says too much is not listened to until it was
    /// quiet for an hour, and nothing of it falls back on the subject.
    mutating func hear(_ judge: Int64, about subject: Int64) -> Bool {
        mark(subject)
        let admitted = admit(judge, to: subject)
        let spoken = admitted ? nodes[subject]?.votes.cast(by: judge, in: epoch) ?? 0 : 0
        guard !isIgnored(judge, spoken), admitted, let node = nodes[subject],
            node.votes.counted(of: judge, in: epoch) < Limits.votesPerHour, node.window.hasRoom(for: judge)
        else {
            drop(subject)
            return false
        }
        return true
    }

    private mutating func admit(_ judge: Int64, to subject: Int64) -> Bool {
        guard let judges = nodes[subject]?.votes.judges.keys else { return false }
        if nodes[subject]?.votes.hasRoom(for: judge) == true { return true }
        let newcomers = isNewcomer(judge) ? [] : Set(judges.filter(isNewcomer))
        return nodes[subject]?.votes.makeRoom(at: epoch, newcomers: newcomers) ?? false
    }

    private mutating func isIgnored(_ judge: Int64, _ spoken: Int) -> Bool {
        guard judge > 0 else {
            _ = sinks[Int(-judge - 1)].record.cast(in: epoch, aboutSubject: spoken)
            return sinks[Int(-judge - 1)].record.isIgnored(epoch)
        }
        changed.insert(judge)
        let before = nodes[judge]?.judge.isIgnored(epoch) ?? false
        let over = nodes[judge]?.judge.cast(in: epoch, aboutSubject: spoken) ?? false
        if over, !before {
            decide(
                judge, "votes-ignored",
                "over \(Limits.votesSuspicious) votes about one node in an hour, or over "
                    + "\(Limits.votesSuspiciousDay) in a day: what it says about others does not count until it was "
                    + "quiet for an hour")
        }
        return over || before
    }

    private mutating func drop(_ subject: Int64) {
        nodes[subject]?.dropped += 1
        nodes[subject]?.counts?.dropped += 1
    }

    // MARK: Corroboration

    mutating func corroborate(_ place: Place, _ evidence: Evidence, by judge: Int64) {
        let subject = place.node
        guard hear(judge, about: subject), evidence.outcome == .unsettled else { return }
        let weight = nodes[judge]?.effective(at: now) ?? 0
        guard takeWeight(weight, of: judge, for: subject) else { return drop(subject) }
        nodes[subject]?.votes.count(judge)
        nodes[subject]?.window.settle(place.place, .corroborated, by: judge)
        nodes[subject]?.corroborated += 1
        nodes[subject]?.counts?.corroborate(evidence.artifact)
        if nodes[subject]?.corroborated == Limits.newcomerBelow {
            established += 1
            decide(
                subject, "established", "\(Limits.newcomerBelow) of its artifacts were corroborated: no newcomer now",
                artifacts: [evidence.artifact], judges: [judgeName(judge)])
        }
    }

    /// Newcomers hold together at most a tenth of what corroborates a node. Before anyone is established all are
    /// newcomers, and there is nobody whose word could be outweighed.
    private mutating func takeWeight(_ weight: Double, of judge: Int64, for subject: Int64) -> Bool {
        guard let node = nodes[subject] else { return false }
        let isCounted = isNewcomer(judge) && established > 0
        if isCounted, node.newcomerWeight + weight > Limits.newcomerShare * (node.weight + weight) { return false }
        nodes[subject]?.weight += weight
        if isCounted { nodes[subject]?.newcomerWeight += weight }
        return true
    }

    // MARK: Contradiction

    mutating func contradict(_ found: Contradiction) {
        guard let place = places[found.artifact], place.node == found.node,
            let evidence = nodes[found.node]?.window.entries[place.place],
            evidence.outcome != .contradicted, evidence.outcome != .ratedLow
        else { return }
        let believed = found.witnesses.filter { witness in
            guard nodes[witness] != nil, established == 0 || !isNewcomer(witness) else { return false }
            return hear(witness, about: found.node)
        }
        guard believed.count >= 2 else { return }
        for witness in believed { nodes[found.node]?.votes.count(witness) }
        nodes[found.node]?.window.settle(place.place, .contradicted, by: believed[0])
        hold(against: found.node)
        let names = believed.prefix(Limits.artifactsNamed).map(judgeName)
        decide(
            found.node, "contradicted",
            "within 10 minutes \(believed.count) other nodes brought another content of the same target than "
                + "a\(found.artifact), and agree with each other",
            artifacts: [found.artifact], judges: names)
    }

    mutating func hold(against subject: Int64) {
        mark(subject)
        nodes[subject]?.contradicted += 1
        nodes[subject]?.counts?.contradicted += 1
    }
}
