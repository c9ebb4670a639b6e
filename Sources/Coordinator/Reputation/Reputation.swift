package import Model
package import Wire

/// How far each node is believed: a fold of the ledger's commits (and of sinks' ratings), which knows no other time
/// than theirs. Epochs close when a commit of a later one comes.
package struct Reputation {
    /// By serial number, which is never used again.
    var nodes: [Int64: ReputationNode] = [:]
    var serials: [String: Int64] = [:]
    var lastSerial: Int64 = 0
    /// Sinks judge under the numbers -1, -2, …
    var sinks: [SinkJudge] = []
    var epoch: Int64 = .min
    var now = WallTime(milliseconds: .min)
    var observations = Observations()
    var forgotten: UInt64 = 0
    /// The commit up to which this was computed.
    var version: UInt64 = 0

    // What follows from the above.
    var places: [UInt64: Place] = [:]
    var active: Set<Int64> = []
    var established = 0

    // What has to be stored.
    var changed: Set<Int64> = []
    var removed: Set<Int64> = []
    var decisions: [Decision] = []

    struct SinkJudge: Equatable {
        var name: String
        var record = JudgeRecord()
    }

    /// Where an artifact stands in its node's window.
    struct Place: Equatable {
        var node: Int64
        var place: Int
    }

    package struct Decision: Equatable {
        var node: Int64
        package var entry: Proto.ReputationDecision
    }

    package init() {}

    // MARK: Events

    package mutating func apply(_ commit: ChangeCommit) {
        version = commit.version
        advance(to: commit.at)
        for stored in commit.stored { store(stored) }
        for sighting in commit.sightings { sight(sighting) }
        for tally in commit.tallies { count(tally) }
    }

    /// A sink's quality for what it was fed: under 0.5 it contradicts.
    package mutating func rated(sink: String, node name: String, artifact: UInt64, quality: Double, at: WallTime) {
        advance(to: at)
        guard quality.isFinite, let subject = serials[name], let judge = judge(sink: sink) else { return }
        let place = places[artifact].flatMap { $0.node == subject ? $0.place : nil }
        let outcome = place.flatMap { nodes[subject]?.window.entries[$0].outcome }
        guard hear(judge, about: subject) else { return }
        if quality >= 0.5 {
            guard let place, outcome == .unsettled else { return }
            nodes[subject]?.votes.count(judge)
            nodes[subject]?.window.settle(place, .ratedWell, by: judge)
        } else {
            guard outcome != .ratedLow, outcome != .contradicted else { return }
            nodes[subject]?.votes.count(judge)
            if let place { nodes[subject]?.window.settle(place, .ratedLow, by: judge) }
            hold(against: subject)
            decide(
                subject, "rated", "sink \(sink) rated a\(artifact) \(quality), under 0.5", artifacts: [artifact],
                judges: [sink])
        }
    }

    // MARK: Time

    private mutating func advance(to at: WallTime) {
        now = max(now, at)
        let current = now.milliseconds / Limits.epoch
        guard current > epoch else { return }
        if !active.isEmpty { closeEpoch() }
        epoch = current
    }

    // MARK: What a commit holds

    private mutating func store(_ stored: StoredChange) {
        let serial = touch(stored.node)
        let content = stored.contentHome ?? stored.id
        let source = Checksum.of(Array(stored.rawSource.utf8)[...])
        append(
            Evidence(artifact: stored.id, source: source, content: content, claim: stored.confidence), to: serial)
        guard let target = stored.target else { return }
        observe(target, source, serial, content: content, artifact: stored.id)
    }

    private mutating func sight(_ sighting: SightingChange) {
        let judge = touch(sighting.node)
        guard sighting.kind != .unchanged, let place = places[sighting.artifact],
            let evidence = nodes[place.node]?.window.entries[place.place]
        else { return }
        let isOwn = place.node == judge
        if !isOwn, sighting.kind.corroborates(isOwn: isOwn) { corroborate(place, evidence, by: judge) }
        if sighting.kind != .sameContent, let target = sighting.target {
            observe(target, evidence.source, judge, content: evidence.content, artifact: 0)
        }
    }

    private mutating func count(_ tally: ChangeCommit.Tally) {
        let serial = touch(tally.node)
        nodes[serial]?.counts?.received += UInt64(tally.received)
        nodes[serial]?.counts?.refused += UInt64(tally.refused)
        for _ in 0..<min(Int(tally.refused), Limits.evidenceArtifacts) {
            append(Evidence(artifact: 0, outcome: .invalid), to: serial)
        }
    }

    private mutating func append(_ evidence: Evidence, to serial: Int64) {
        guard let place = nodes[serial]?.window.place else { return }
        if let left = nodes[serial]?.window.append(evidence), left != 0 { places[left] = nil }
        if evidence.artifact != 0 { places[evidence.artifact] = Place(node: serial, place: place) }
    }

    private mutating func observe(
        _ target: TargetID, _ source: UInt64, _ node: Int64, content: UInt64, artifact: UInt64
    ) {
        let key = Checksum.of(target.bytes[...], seed: source)
        let against = observations.add(
            Observation(key: key, node: node, content: content, artifact: artifact, at: now.milliseconds))
        for contradiction in against { contradict(contradiction) }
    }
}
