import Model
import Sealing
import Wire

@testable import Coordinator

/// Candidates and keys by number.
enum FeedSamples {
    static func key(_ number: Int) -> Digest {
        Digest(words: (UInt64(number) &* 0x9E37_79B9_7F4A_7C15, UInt64(number), 0, 0))
    }

    static func candidate(
        _ id: Int, domain: String = "", node: String = "", type: String = "text", threat: Double? = nil,
        opportunity: Double? = nil
    ) -> FeedCandidate {
        FeedCandidate(
            artifact: UInt64(id), node: node.isEmpty ? "n\(id)" : node, domain: domain.isEmpty ? "d\(id)" : domain,
            contentType: type, rawSource: "http://d\(id)/", receivedAt: WallTime(milliseconds: Int64(id)),
            threatLevel: threat, opportunityValue: opportunity)
    }

    static func policy(rate: Int) -> FeedPolicy {
        var policy = FeedPolicy()
        policy.rate = rate
        return policy
    }
}

extension FeedSamples {
    static func change(_ id: Int) -> StoredChange {
        StoredChange(
            id: UInt64(id), digest: key(id), contentDigest: key(id), contentHome: nil, node: "n", target: nil, lease: 0,
            receivedAt: WallTime(milliseconds: 0), collectedAt: WallTime(milliseconds: 0), contentType: "text",
            contentLength: 1, rawSource: "s", metadata: StringMap(), confidence: nil,
            threatLevel: Double(id) / 10, opportunityValue: nil, signals: StringMap(), content: nil)
    }
}

/// What a walk decided, in order.
struct WalkResult {
    var fed: [UInt64] = []
    var entries: [FedEntry] = []
    var novelties: [Double] = []
    var skips: [UInt64: Skip] = [:]

    static func of(
        _ machine: inout FeedMachine, _ candidates: [FeedCandidate], at now: Int64,
        isNewcomer: (FeedCandidate) -> Bool = { _ in false },
        read: (FeedCandidate) -> FeedWalk.Reading = {
            .text(key: FeedSamples.key(Int($0.artifact)), nearDuplicate: nil)
        }
    ) -> WalkResult {
        var result = WalkResult()
        FeedWalk.run(
            &machine, over: candidates, at: now, isNewcomer: isNewcomer, read: read,
            decided: { candidate, verdict in
                switch verdict {
                case .feed(let entry, let novelty):
                    result.fed.append(candidate.artifact)
                    result.entries.append(entry)
                    result.novelties.append(novelty)
                case .pass(let skip): result.skips[candidate.artifact] = skip
                }
            })
        return result
    }
}
