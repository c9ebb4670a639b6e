import Model

/// What a seed decides before anything happens: who is there, and which faults come how often. Each seed has a random
/// part of the faults with intensities of its own, one in four has none at all.
struct Plan {
    var nodes: Int
    var targets: Int
    var pages: Int
    var capacity: UInt32
    var intervalSeconds: ClosedRange<UInt64>
    var faultsLast: Span
    /// The mean time between two faults of a kind; nil: never.
    var gaps: [FaultKind: Span] = [:]
    var delay: Span
    var jitter: Span
    var lossInThousand: UInt64 = 0
    var slices = false
    var diskLatency = Span.microseconds(200)
    var spoolBytes: UInt64 = Limits.spoolBytes
    var largeItems = false
    var failuresInHundred: UInt64
    /// Collectors yield many small steps in a row.
    var isEager: Bool
    var heartbeat: Span
    var collectingDeadline: Span
    var deliveringDeadline: Span
    var suspectAfter: Span
    var offlineAfter: Span

    var isCalm: Bool { gaps.isEmpty }

    init(_ random: inout SeededRandom) {
        nodes = Int(2 + random.below(3))
        targets = Int(3 + random.below(6))
        pages = targets + Int(random.below(6))
        capacity = UInt32(1 + random.below(3))
        let shortest = 8 + random.below(12)
        intervalSeconds = shortest...(shortest + random.below(30))
        faultsLast = .seconds(30 + random.below(50))
        delay = .microseconds(200 + random.below(30_000))
        jitter = .microseconds(random.below(40_000))
        failuresInHundred = random.oneIn(3) ? 25 : 5
        isEager = random.oneIn(3)
        heartbeat = .seconds(2 + random.below(6))
        collectingDeadline = .seconds(10 + random.below(20))
        deliveringDeadline = .seconds(60 + random.below(60))
        suspectAfter = Span(nanoseconds: heartbeat.nanoseconds * 5 / 2)
        offlineAfter = suspectAfter + .seconds(5 + random.below(30))
        guard !random.oneIn(4) else { return }
        drawFaults(&random)
    }

    private mutating func drawFaults(_ random: inout SeededRandom) {
        for kind in FaultKind.allCases where random.oneIn(kind.rarity) {
            gaps[kind] = .seconds(5 + random.below(kind.isFrequent ? 10 : 45))
        }
        if random.oneIn(3) { lossInThousand = 1 + random.below(60) }
        slices = random.oneIn(3)
        if random.oneIn(5) { spoolBytes = 4_096 + random.below(60_000) }
        largeItems = random.oneIn(6)
        if random.oneIn(4) { diskLatency = .milliseconds(1 + random.below(300)) }
    }
}

/// A fault that comes at moments, as against a quality that lasts.
enum FaultKind: CaseIterable {
    case killHub, killHubInWrite, cutHubPower, cutHubPowerInWrite, pauseHub
    case killNode, killNodeInWrite, cutNodePower, cutNodePowerInWrite, pauseNode, reinstallNode, restoreNode
    case crashAfterCommit, crashAfterTurn, crashAfterSpooling
    case partition, oneWay, reset, blackHole, hubDisk, nodeDisk, slowDisk, wallJump, repeatReceipts, lie

    var isFrequent: Bool { [.hubDisk, .restoreNode, .lie].contains(self) }

    /// One in so many seeds has it.
    var rarity: UInt64 {
        switch self {
        case .reinstallNode: 12
        case .restoreNode: 8
        case .nodeDisk, .slowDisk, .pauseHub: 6
        case .killHub, .partition, .reset, .killNode, .hubDisk: 3
        default: 4
        }
    }
}
