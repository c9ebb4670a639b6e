import Model
import Sealing

/// Adds up the sightings of one commit, by artifact and source, so that each row is written once. Pure.
struct SightingFold {
    struct Source: Hashable {
        var kind: SightingChange.Kind
        var node: String
    }

    struct Witness {
        var count: UInt64 = 0
        var target: TargetID?
        /// The highest that it stated.
        var confidence: Double?
        /// The bytes that came last.
        var variant: UInt64?
        /// The last version that it brought; 0: none.
        var brought: UInt32 = 0
    }

    private(set) var artifacts: [UInt64: [Source: Witness]] = [:]

    init(_ sightings: [SightingChange]) {
        for sighting in sightings {
            let source = Source(kind: sighting.kind, node: sighting.node)
            artifacts[sighting.artifact, default: [:]][source, default: Witness()].add(sighting)
        }
    }
}

extension SightingFold.Witness {
    fileprivate mutating func add(_ sighting: SightingChange) {
        count += 1
        target = sighting.target ?? target
        if let stated = sighting.confidence { confidence = max(confidence ?? stated, stated) }
        variant = sighting.rawCheck ?? variant
        brought = sighting.version ?? brought
    }
}
