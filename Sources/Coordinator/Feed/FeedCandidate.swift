package import Model

/// An artifact that may be fed: what is known of it without its content.
package struct FeedCandidate: Equatable, Sendable {
    package var artifact: UInt64
    package var node: String
    package var domain: String
    package var contentType: String
    package var rawSource: String
    package var receivedAt: WallTime
    package var confidence: Double?
    package var threatLevel: Double?
    package var opportunityValue: Double?
    /// Its content came under another source first, and is fed from there if at all.
    package var isShared: Bool

    package init(
        artifact: UInt64, node: String, domain: String, contentType: String, rawSource: String, receivedAt: WallTime,
        confidence: Double? = nil, threatLevel: Double? = nil, opportunityValue: Double? = nil, isShared: Bool = false
    ) {
        self.artifact = artifact
        self.node = node
        self.domain = domain
        self.contentType = contentType
        self.rawSource = rawSource
        self.receivedAt = receivedAt
        self.confidence = confidence
        self.threatLevel = threatLevel
        self.opportunityValue = opportunityValue
        self.isShared = isShared
    }

    package init(_ change: StoredChange) {
        self.init(
            artifact: change.id, node: change.node, domain: change.domain, contentType: change.contentType,
            rawSource: change.rawSource, receivedAt: change.receivedAt, confidence: change.confidence,
            threatLevel: change.threatLevel, opportunityValue: change.opportunityValue,
            isShared: change.contentHome != nil)
    }
}
