package import Sealing

/// One walk along the ranking: each candidate is fed, passed over, or left out for good.
package struct FeedWalk {
    /// What shows only in the artifact itself.
    package enum Reading: Sendable {
        case text(key: Digest, nearDuplicate: UInt64?)
        case unusable(Skip)
    }

    package enum Verdict: Sendable {
        case feed(FedEntry, novelty: Double)
        case pass(Skip)
    }

    /// Decides on these candidates, best first, until the rate is used. `read` is asked only where everything else
    /// allows; `decided` is told every verdict in order.
    package static func run<E: Error>(
        _ machine: inout FeedMachine, over candidates: [FeedCandidate], at now: Int64,
        isNewcomer: (FeedCandidate) -> Bool, read: (FeedCandidate) throws(E) -> Reading,
        decided: (FeedCandidate, Verdict) throws(E) -> Void
    ) throws(E) {
        var waiting: [String: Int] = [:]
        for candidate in candidates { waiting[candidate.contentType, default: 0] += 1 }
        var left = candidates.count
        for candidate in candidates {
            guard machine.slots(at: now) > 0 else { return }
            let own = waiting[candidate.contentType, default: 0]
            let verdict = try judge(
                candidate, machine, now, isNewcomer(candidate), othersWaiting: left > own, read)
            if case .feed(let entry, _) = verdict { machine.fed(entry) }
            if !verdict.isWaiting {
                waiting[candidate.contentType] = own - 1
                left -= 1
            }
            try decided(candidate, verdict)
        }
    }

    private static func judge<E: Error>(
        _ candidate: FeedCandidate, _ machine: FeedMachine, _ now: Int64, _ isNewcomer: Bool, othersWaiting: Bool,
        _ read: (FeedCandidate) throws(E) -> Reading
    ) throws(E) -> Verdict {
        let objection = machine.objection(
            to: candidate, isNewcomer: isNewcomer, othersWaiting: othersWaiting, at: now)
        if let objection { return .pass(objection) }
        switch try read(candidate) {
        case .unusable(let reason): return .pass(reason)
        case .text(let key, _) where machine.isKnown(key): return .pass(.knownScenario)
        case .text(_, let like?): return .pass(.nearDuplicate(of: like))
        case .text(let key, nil):
            let entry = FedEntry(
                at: now, domain: candidate.domain, node: candidate.node, contentType: candidate.contentType,
                isNewcomer: isNewcomer, key: key, objectives: machine.objectives(for: candidate))
            return .feed(entry, novelty: machine.novelty(of: candidate, at: now))
        }
    }
}

extension FeedWalk.Verdict {
    /// Whether it stands in line for a later walk. What is not novel only rests, and holds nobody up meanwhile.
    fileprivate var isWaiting: Bool {
        if case .pass(let reason) = self { !reason.rests && !reason.isFinal } else { false }
    }
}
