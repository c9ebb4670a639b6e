package import Model
package import Sealing
package import Wire

/// What one commit of the ledger did: the unit in which everything behind the ledger reads it.
package struct ChangeCommit: Sendable {
    package var version: UInt64
    package var at: WallTime
    package var stored: [StoredChange]
    package var sightings: [SightingChange]
    /// What each node sent in this commit, refused artifacts included.
    package var tallies: [Tally]
    package var versions: [VersionChange] = []
    /// The id of the newest artifact as of this commit, whether it brought any or none.
    package var lastArtifact: UInt64 = 0

    package struct Tally: Equatable, Sendable {
        package var node: String
        package var received: UInt32
        package var refused: UInt32
    }
}

/// An artifact that was new.
package struct StoredChange: Sendable {
    package var id: UInt64
    package var digest: Digest
    package var contentDigest: Digest
    /// The artifact whose content it shares; nil: content never seen before.
    package var contentHome: UInt64?
    package var node: String
    package var target: TargetID?
    package var lease: UInt64
    package var receivedAt: WallTime
    package var collectedAt: WallTime
    package var contentType: String
    package var contentLength: UInt64
    package var rawSource: String
    package var metadata: StringMap
    package var confidence: Double?
    package var threatLevel: Double?
    package var opportunityValue: Double?
    /// Opt-out signals, raw.
    package var signals: StringMap
    /// Only where the reader asked for it, and only for content that is its own.
    package var content: ArraySlice<UInt8>?

    package init(
        id: UInt64, digest: Digest, contentDigest: Digest, contentHome: UInt64? = nil, node: String,
        target: TargetID? = nil, lease: UInt64, receivedAt: WallTime, collectedAt: WallTime, contentType: String,
        contentLength: UInt64, rawSource: String, metadata: StringMap, confidence: Double?, threatLevel: Double?,
        opportunityValue: Double?, signals: StringMap, content: ArraySlice<UInt8>? = nil
    ) {
        self.id = id
        self.digest = digest
        self.contentDigest = contentDigest
        self.contentHome = contentHome
        self.node = node
        self.target = target
        self.lease = lease
        self.receivedAt = receivedAt
        self.collectedAt = collectedAt
        self.contentType = contentType
        self.contentLength = contentLength
        self.rawSource = rawSource
        self.metadata = metadata
        self.confidence = confidence
        self.threatLevel = threatLevel
        self.opportunityValue = opportunityValue
        self.signals = signals
        self.content = content
    }

    package var domain: String { metadata["domain"] ?? "" }
}

/// A kept artifact that was seen again.
package struct SightingChange: Sendable {
    package enum Kind: Sendable {
        case exact, normalised, sameContent, unchanged
    }

    package var artifact: UInt64
    package var kind: Kind
    package var node: String
    package var target: TargetID?
    package var lease: UInt64
    package var collectedAt: WallTime
    package var confidence: Double?
    /// Which bytes came, where they were others than the artifact's own.
    package var rawCheck: UInt64?
    /// The version that it brought, where it weighed more than the one before.
    package var version: UInt32?
}

/// A version above the first: what a sighting said holds from here on.
package struct VersionChange: Sendable {
    package var artifact: UInt64
    package var number: UInt32
    package var node: String
    package var weight: Weight
    /// The figure that the confidence was weighed with.
    package var reputation: Double
    package var confidence: Double?
    package var threatLevel: Double?
    package var opportunityValue: Double?
    package var metadata: StringMap
    package var rawSource: String
    /// Opt-out signals, raw, with those that the version before had and this one does not name.
    package var signals: StringMap
    /// When its claims came.
    package var receivedAt: WallTime
    /// False: only its signals are new.
    package var claims: Bool
}
