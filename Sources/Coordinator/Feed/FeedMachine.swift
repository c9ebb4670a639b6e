import Model
package import Sealing

/// How fast, how novel and how diverse: the rules of the feed.
package struct FeedPolicy: Equatable, Sendable {
    /// Scenarios in any 60 minutes.
    package var rate = Limits.feedRate
    package var optOut = OptOutPolicy()

    package init() {}

    /// Nodes that nobody has borne out yet share a tenth of the slots.
    package var newcomerSlots: Int { max(1, rate / 10) }
}

/// One scenario as the windows remember it.
package struct FedEntry: Equatable, Sendable {
    /// On the feed's own clock, ms.
    package var at: Int64
    package var domain: String
    package var node: String
    package var contentType: String
    package var isNewcomer: Bool
    package var key: Digest
    package var objectives: Objectives

    package init(
        at: Int64, domain: String, node: String, contentType: String, isNewcomer: Bool = false, key: Digest,
        objectives: Objectives = []
    ) {
        self.at = at
        self.domain = domain
        self.node = node
        self.contentType = contentType
        self.isNewcomer = isNewcomer
        self.key = key
        self.objectives = objectives
    }
}

/// Why a candidate was not fed this time.
package enum Skip: Equatable, Sendable {
    case knownScenario
    case nearDuplicate(of: UInt64)
    case domain(Int)
    case node(Int)
    case contentType(Int)
    case newcomers(Int)
    /// These two are for good.
    case optedOut(String)
    case notText

    package var sentence: String {
        switch self {
        case .knownScenario: "not novel: a scenario of this type, domain and beginning was fed before"
        case .nearDuplicate(let id): "not novel: it resembles a\(id), which was fed lately"
        case .domain(let count): "not diverse: \(count) of the last \(Limits.feedDomain.of) are of its domain"
        case .node(let count): "not diverse: \(count) of the last \(Limits.feedNode.of) are of its node"
        case .contentType(let count):
            "not diverse: \(count) of the last \(Limits.feedType.of) are of its type, and others are waiting"
        case .newcomers(let count): "its node is a newcomer, and newcomers have had their \(count) slots of this hour"
        case .optedOut(let words): "its source forbids training: \(words)"
        case .notText: "its content is not text"
        }
    }

    /// Looked at again only after a rest: time alone does not change it soon.
    package var rests: Bool {
        switch self {
        case .knownScenario, .nearDuplicate: true
        default: false
        }
    }

    package var isFinal: Bool {
        switch self {
        case .optedOut, .notText: true
        default: false
        }
    }
}

/// Decides what may be fed, from what was fed. It is a fold of the outbox: made from its last rows, it is the same.
package struct FeedMachine: Sendable {
    package let policy: FeedPolicy
    private var times: Ring<Int64>
    private var recent = Ring<FedEntry>(Limits.feedDomain.of)
    private var keys = Ring<Digest>(Limits.feedKeys)
    private var known: Set<Digest> = []
    private var newcomerTimes: Ring<Int64>

    private static let window = Int64(Limits.feedWindow.milliseconds)

    package init(policy: FeedPolicy) {
        self.policy = policy
        times = Ring(policy.rate)
        newcomerTimes = Ring(policy.newcomerSlots)
    }

    /// How many entries of the outbox it must be made from, at least.
    package var memory: Int { max(Limits.feedKeys, policy.rate) }

    // MARK: Rate

    /// How many may be fed now.
    package func slots(at now: Int64) -> Int { policy.rate - FeedMachine.within(times, now) }

    private static func within(_ times: Ring<Int64>, _ now: Int64) -> Int {
        var count = 0
        for place in stride(from: times.count - 1, through: 0, by: -1) {
            guard times[place] + window > now else { break }
            count += 1
        }
        return count
    }

    // MARK: Diversity and novelty

    /// What forbids this candidate now, as far as that shows without reading it.
    package func objection(
        to candidate: FeedCandidate, isNewcomer: Bool, othersWaiting: Bool, at now: Int64
    ) -> Skip? {
        if isNewcomer, FeedMachine.within(newcomerTimes, now) >= policy.newcomerSlots {
            return .newcomers(policy.newcomerSlots)
        }
        let domains = count(in: Limits.feedDomain.of - 1, now) { $0.domain == candidate.domain }.matching
        if domains >= Limits.feedDomain.most { return .domain(domains) }
        let nodes = count(in: Limits.feedNode.of - 1, now) { $0.node == candidate.node }.matching
        if nodes >= Limits.feedNode.most { return .node(nodes) }
        let types = count(in: Limits.feedType.of - 1, now) { $0.contentType == candidate.contentType }.matching
        if othersWaiting, types >= Limits.feedType.most { return .contentType(types) }
        return nil
    }

    package func isKnown(_ key: Digest) -> Bool { known.contains(key) }

    /// Entries among the last `window` that still count, and those of them that match.
    private func count(in window: Int, _ now: Int64, _ matches: (FedEntry) -> Bool) -> (all: Int, matching: Int) {
        var (all, matching) = (0, 0)
        for place in stride(from: recent.count - 1, through: max(0, recent.count - window), by: -1) {
            guard recent[place].at + FeedMachine.window > now else { break }
            all += 1
            if matches(recent[place]) { matching += 1 }
        }
        return (all, matching)
    }

    /// How unlike the windows it is, 0…1: the share of others by domain, node and type. 1 when nothing was fed lately.
    package func novelty(of candidate: FeedCandidate, at now: Int64) -> Double {
        func unlike(_ window: Int, _ matches: (FedEntry) -> Bool) -> Double {
            let (all, matching) = count(in: window, now, matches)
            return all == 0 ? 1 : 1 - Double(matching) / Double(all)
        }
        return 0.4 * unlike(Limits.feedDomain.of) { $0.domain == candidate.domain }
            + 0.3 * unlike(Limits.feedNode.of) { $0.node == candidate.node }
            + 0.3 * unlike(Limits.feedType.of) { $0.contentType == candidate.contentType }
    }

    package func objectives(for candidate: FeedCandidate) -> Objectives {
        var objectives: Objectives = []
        if candidate.threatLevel ?? 0 >= 7 { objectives.formUnion([.highThreatResponse, .crisisManagement]) }
        if candidate.opportunityValue ?? 0 >= 7 { objectives.formUnion([.highValueExtraction, .strategicPlanning]) }
        var seen: Objectives = []
        for place in 0..<recent.count { seen.formUnion(recent[place].objectives) }
        return objectives.union(Objectives.rare.subtracting(seen))
    }

    /// Takes note of what was fed.
    package mutating func fed(_ entry: FedEntry) {
        times.append(entry.at)
        if entry.isNewcomer { newcomerTimes.append(entry.at) }
        recent.append(entry)
        guard known.insert(entry.key).inserted else { return }
        if let oldest = keys.append(entry.key) { known.remove(oldest) }
    }
}

/// The last so many of something, oldest first.
struct Ring<Element: Sendable>: Sendable {
    private var items: [Element] = []
    private var start = 0
    private let capacity: Int

    init(_ capacity: Int) { self.capacity = capacity }

    var count: Int { items.count }

    subscript(place: Int) -> Element { items[(start + place) % items.count] }

    /// Returns what fell out.
    @discardableResult
    mutating func append(_ item: Element) -> Element? {
        guard items.count == capacity else {
            items.append(item)
            return nil
        }
        let oldest = items[start]
        items[start] = item
        start = (start + 1) % capacity
        return oldest
    }
}
