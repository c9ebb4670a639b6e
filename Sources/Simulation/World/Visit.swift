import Model
import Node
import Wire

/// One collection of one target: its steps are drawn when it begins, what they find is the world at their time.
struct Visit {
    struct Step {
        var addresses: [Int]
        var time: Span
    }

    let lease: UInt64
    let target: Int
    /// The process's own number of it: a step that comes for another is stale.
    let number: UInt64
    private(set) var steps: [Step]
    private let result: CollectionResult
    private let bookmark: Bool
    private let endTime: Span

    init(_ assignment: Proto.Assignment, number: UInt64, site: Site, plan: Plan, _ random: inout SeededRandom) {
        lease = assignment.lease
        target = Site.target(of: assignment.location) ?? 0
        self.number = number
        let fate = random.below(100)
        let isBroken = site.isBroken(target)
        result =
            isBroken
            ? CollectionResult(.failedTarget, error: "the target is gone", status: 410)
            : Visit.result(fate, plan.failuresInHundred, &random)
        let isEmpty = isBroken || (fate >= plan.failuresInHundred ? random.oneIn(12) : random.oneIn(2))
        let all = site.pages(of: target)
        var steps: [Step] = []
        for _ in 0..<(isEmpty ? 0 : 1 + random.below(plan.isEager ? 10 : 4)) {
            let count = random.below(UInt64(all.count) + 1)
            steps.append(
                Step(
                    addresses: (0..<count).map { _ in random.oneOf(all) },
                    time: Visit.time(&random, plan)))
        }
        self.steps = steps
        bookmark = !isEmpty && random.oneIn(2)
        endTime = Visit.time(&random, plan)
    }

    /// Mostly short, sometimes as long as a lease lasts, so that it must be renewed or is lost.
    private static func time(_ random: inout SeededRandom, _ plan: Plan) -> Span {
        if plan.isEager, !random.oneIn(10) { return .milliseconds(1 + random.below(80)) }
        return random.oneIn(8)
            ? Span(nanoseconds: random.below(plan.collectingDeadline.nanoseconds))
            : .milliseconds(1 + random.below(900))
    }

    private static func result(
        _ fate: UInt64, _ failures: UInt64, _ random: inout SeededRandom
    ) -> CollectionResult {
        guard fate < failures else { return CollectionResult(.collected) }
        switch random.below(3) {
        case 0: return CollectionResult(.failedTarget, error: "the target answered 503", status: 503)
        case 1: return CollectionResult(.failedContent, error: "the content made no sense")
        default: return CollectionResult(.failedNode, error: "the node ran out of something")
        }
    }

    enum Next {
        case step(Step)
        case bookmark([UInt8])
        case end(CollectionResult, Span)
    }

    private var gaveBookmark = false

    mutating func next() -> Next {
        if !steps.isEmpty { return .step(steps.removeFirst()) }
        if bookmark, !gaveBookmark {
            gaveBookmark = true
            return .bookmark(Visit.bookmark(of: lease))
        }
        return .end(result, endTime)
    }

    static func bookmark(of lease: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: lease >> (56 - 8 * UInt64($0))) }
    }
}
