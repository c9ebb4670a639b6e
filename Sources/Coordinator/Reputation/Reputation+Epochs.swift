import Model
import Wire

extension Reputation {
    // MARK: Nodes

    /// The node's serial, made if need be; it has just shown itself.
    mutating func touch(_ name: String) -> Int64 {
        guard let serial = serials[name], let node = nodes[serial] else { return admit(name) }
        let score = node.score(at: now)
        if score != node.score {
            let days = Double(now.milliseconds - node.lastActive.milliseconds) / 86_400_000
            nodes[serial]?.score = score
            decide(
                serial, "decay", "silent for \((days * 10).rounded() / 10) days: 5 % a day of what it had above 0.5",
                before: node.score)
        }
        nodes[serial]?.lastActive = now
        mark(serial)
        return serial
    }

    private mutating func admit(_ name: String) -> Int64 {
        if nodes.count >= Limits.reputationNodes { forgetOne() }
        lastSerial += 1
        nodes[lastSerial] = ReputationNode(name: name, lastActive: now)
        serials[name] = lastSerial
        mark(lastSerial)
        return lastSerial
    }

    /// The newcomer that was silent longest goes; an established node only if there are no others.
    private mutating func forgetOne() {
        let oldest = nodes.min {
            ($0.value.isNewcomer ? 0 : 1, $0.value.lastActive, $0.key)
                < ($1.value.isNewcomer ? 0 : 1, $1.value.lastActive, $1.key)
        }
        guard let (serial, node) = oldest else { return }
        if !node.isNewcomer { established -= 1 }
        for entry in node.window.entries where entry.artifact != 0 { places[entry.artifact] = nil }
        nodes[serial] = nil
        serials[node.name] = nil
        active.remove(serial)
        changed.remove(serial)
        removed.insert(serial)
        decisions.removeAll { $0.node == serial }
        forgotten += 1
    }

    /// Something happened to the node in this epoch.
    mutating func mark(_ serial: Int64) {
        guard nodes[serial] != nil else { return }
        changed.insert(serial)
        if active.insert(serial).inserted { nodes[serial]?.counts = EpochCounts() }
    }

    // MARK: The end of an epoch

    mutating func closeEpoch() {
        let judged = active.sorted()
        active = []
        var records: [(serial: Int64, entry: Proto.ReputationDecision)] = []
        for serial in judged {
            guard let counts = nodes[serial]?.counts else { continue }
            records.append((serial, evaluate(serial, counts)))
        }
        judgeOutliers(judged)
        for record in records { append(record.entry, to: record.serial) }
    }

    private mutating func evaluate(_ serial: Int64, _ counts: EpochCounts) -> Proto.ReputationDecision {
        changed.insert(serial)
        nodes[serial]?.counts = nil
        nodes[serial]?.calibrate()
        let before = nodes[serial]?.score ?? 0
        if !counts.isSilent { nodes[serial]?.step(counts.verdict) }
        let after = nodes[serial]
        let verdict = counts.isSilent ? "silent" : counts.verdict.rawValue
        return Proto.ReputationDecision(
            atMs: (epoch + 1) * Limits.epoch, kind: "epoch",
            reason: reason(verdict, run: after?.run ?? 0, moved: after?.score != before), scoreBefore: before,
            scoreAfter: after?.score ?? 0, calibration: after?.calibration ?? 0, verdict: verdict,
            received: counts.received, refused: counts.refused, corroborated: counts.corroborated,
            contradicted: counts.contradicted, votesDropped: counts.dropped, artifacts: counts.named)
    }

    private func reason(_ verdict: String, run: Int, moved: Bool) -> String {
        switch (verdict, moved) {
        case ("silent", _): "nothing was sent and nothing held against it: the epoch does not count"
        case (_, true): "\(abs(run)) \(verdict) epochs in a row"
        case ("neutral", false): "neither good nor bad: the run ends"
        case (_, false):
            abs(run) < Limits.epochsToAgree
                ? "\(abs(run)) of \(Limits.epochsToAgree) \(verdict) epochs that must agree" : "at the end of the range"
        }
    }

    /// The figure is how far claims were from what came of them. Established nodes are the measure where there are
    /// enough of them, so that newcomers in number cannot move it.
    private mutating func judgeOutliers(_ judged: [Int64]) {
        let figures = judged.compactMap { serial in
            nodes[serial]?.window.brier.map { (serial: serial, figure: $0) }
        }
        let known = figures.filter { !isNewcomer($0.serial) }
        let measure = known.count >= Limits.outlierNodes ? known : figures
        let threshold = Outliers.threshold(of: measure.map(\.figure))
        for (serial, figure) in figures {
            let before = nodes[serial]?.isOutlier ?? false
            nodes[serial]?.judge(isOutlying: threshold.map { figure > $0 } ?? false)
            guard let after = nodes[serial]?.isOutlier, after != before else { continue }
            decide(
                serial, after ? "outlier" : "clean",
                after
                    ? "its claims miss by \(figure), over the \(threshold ?? 0) at which it stands out among "
                        + "\(measure.count) nodes: its effective reputation is halved"
                    : "\(Limits.outlierCleanEpochs) epochs in which it did not stand out")
        }
    }

    // MARK: Decisions

    mutating func decide(
        _ serial: Int64, _ kind: String, _ reason: String, before: Double? = nil, artifacts: [UInt64] = [],
        judges: [String] = []
    ) {
        guard let node = nodes[serial] else { return }
        append(
            Proto.ReputationDecision(
                atMs: now.milliseconds, kind: kind, reason: reason, scoreBefore: before ?? node.score,
                scoreAfter: node.score, calibration: node.calibration, artifacts: artifacts, judges: judges),
            to: serial)
    }

    private mutating func append(_ entry: Proto.ReputationDecision, to serial: Int64) {
        guard let number = nodes[serial]?.decisions else { return }
        changed.insert(serial)
        nodes[serial]?.decisions = number + 1
        var entry = entry
        entry.number = number + 1
        entry.stateVersion = version
        entry.effective = nodes[serial]?.effective(at: now) ?? 0
        decisions.append(Decision(node: serial, entry: entry))
    }
}
