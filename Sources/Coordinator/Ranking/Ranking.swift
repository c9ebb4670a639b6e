import Glibc
package import Model

/// What the scores of an artifact weigh.
package struct PriorityWeights: Equatable, Sendable {
    package var threat = Limits.threatWeight
    package var opportunity = Limits.opportunityWeight
    package var confidence = Limits.confidenceWeight

    package init() {}

    /// `0.4,0.3,0.2`: threat, opportunity and confidence. Nil unless these are three numbers from 0 to 1, not all 0.
    package init?(_ text: String) {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { Double($0) }
        guard numbers.count == 3, text.count(where: { $0 == "," }) == 2, numbers.allSatisfy((0...1).contains),
            numbers.contains(where: { $0 > 0 })
        else { return nil }
        (threat, opportunity, confidence) = (numbers[0], numbers[1], numbers[2])
    }

    /// What is absent counts 0 here; whoever shows it calls it unknown.
    package func base(threat: Double?, opportunity: Double?, confidence: Double?) -> Double {
        self.threat * (threat ?? 0) / 10 + self.opportunity * (opportunity ?? 0) / 10
            + self.confidence * (confidence ?? 0)
    }
}

/// An artifact as the ranking stands now.
package struct RankedCandidate: Equatable, Sendable {
    package var artifact: UInt64
    package var node: String
    /// log2(base) + time / 24 h.
    package var key: Double
    package var score: Double
    package var effective: Double
}

/// Every node's best artifacts that were not fed. Nothing is computed again as time passes. At most 2,048 nodes have a
/// list; what another brings is stored, and ranked after a restart that finds room.
package struct Ranking {
    package private(set) var lists: [String: CandidateList] = [:]
    /// Came in since the last time, for storing.
    private(set) var arrived: [String: [Candidate]] = [:]
    /// Nodes with candidates that did not fit.
    private(set) var overflowing: Set<String> = []
    private let weights: PriorityWeights
    private let limit: Int

    /// Far below what any base gives, so that base 0 ranks last; still ordered by time.
    private static let last = -1e9

    package init(weights: PriorityWeights = PriorityWeights(), limit: Int = Limits.candidatesPerNode) {
        self.weights = weights
        self.limit = limit
    }

    package static func key(base: Double, at: WallTime) -> Double {
        (base > 0 ? log2(base) : last) + Double(at.milliseconds) / Double(Limits.halfLife)
    }

    package func key(threat: Double?, opportunity: Double?, confidence: Double?, at: WallTime) -> Double {
        Ranking.key(base: weights.base(threat: threat, opportunity: opportunity, confidence: confidence), at: at)
    }

    // MARK: Events

    /// A content that is known from elsewhere ranks under the artifact that brought it first.
    package mutating func stored(_ stored: StoredChange) {
        guard stored.contentHome == nil else { return }
        let key = key(
            threat: stored.threatLevel, opportunity: stored.opportunityValue, confidence: stored.confidence,
            at: stored.receivedAt)
        insert(Candidate(key: key, artifact: stored.id), of: stored.node, isNew: true)
    }

    /// It ranks among those of its version's node from now on. What it was before stays listed until somebody looks.
    package mutating func raised(_ version: VersionChange) {
        let key = key(
            threat: version.threatLevel, opportunity: version.opportunityValue, confidence: version.confidence,
            at: version.receivedAt)
        insert(Candidate(key: key, artifact: version.artifact), of: version.node, isNew: true)
    }

    package mutating func insert(_ candidate: Candidate, of node: String, isNew: Bool) {
        if isNew { arrived[node, default: []].append(candidate) }
        guard lists[node] != nil || lists.count < Limits.reputationNodes else { return }
        if lists[node, default: CandidateList(limit: limit)].insert(candidate) != nil { overflowing.insert(node) }
    }

    /// It leaves the candidates. False when it is not among those in memory.
    package mutating func fed(_ artifact: UInt64, node: String) -> Bool {
        guard lists[node]?.remove(artifact) == true else { return false }
        forgetIfEmpty(node)
        return true
    }

    /// This entry is not true any more.
    package mutating func drop(_ candidate: RankedCandidate) {
        _ = lists[candidate.node]?.remove(Candidate(key: candidate.key, artifact: candidate.artifact))
        forgetIfEmpty(candidate.node)
    }

    private mutating func forgetIfEmpty(_ node: String) {
        if lists[node]?.heap.isEmpty == true, !overflowing.contains(node) { lists[node] = nil }
    }

    /// It leaves the memory, and is found again when its node's list runs dry.
    package mutating func setAside(_ artifact: UInt64, node: String) {
        guard lists[node]?.remove(artifact) == true else { return }
        overflowing.insert(node)
    }

    /// Nodes whose list ran dry although there is more of them.
    package var dry: [String] { overflowing.filter { lists[$0]?.heap.isEmpty != false }.sorted() }

    /// What came in is stored, or need not be.
    package mutating func settled() { arrived = [:] }

    mutating func takeArrived() -> [String: [Candidate]] {
        defer { arrived = [:] }
        return arrived
    }

    mutating func refilled(_ node: String, hasMore: Bool) {
        if hasMore { overflowing.insert(node) } else { overflowing.remove(node) }
    }

    // MARK: Reading

    /// The best of all nodes, best first: two looks at each candidate. The first finds the least key that belongs to
    /// them, the second takes those from it on, so that owners are noted for few.
    package func top(_ limit: Int, at now: WallTime, effective: (String) -> Double) -> [RankedCandidate] {
        let believed = lists.map { (node: $0.key, list: $0.value, effective: effective($0.key)) }
        var best = CandidateList(limit: limit)
        for (_, list, effective) in believed { list.offer(to: &best, shift: log2(effective)) }
        guard let least = best.least else { return [] }
        var found: [(candidate: Candidate, shifted: Candidate, owner: Int)] = []
        found.reserveCapacity(limit)
        for (owner, (_, list, effective)) in believed.enumerated() {
            list.each(from: least, shift: log2(effective)) { found.append(($0, $1, owner)) }
        }
        found.sort { $0.shifted > $1.shifted }
        return found.map { candidate, shifted, owner in
            RankedCandidate(
                artifact: candidate.artifact, node: believed[owner].node, key: candidate.key,
                score: Ranking.score(shifted.key, at: now), effective: believed[owner].effective)
        }
    }

    private static func score(_ key: Double, at now: WallTime) -> Double {
        min(max(exp2(key - Double(now.milliseconds) / Double(Limits.halfLife)), 0), 1)
    }
}
