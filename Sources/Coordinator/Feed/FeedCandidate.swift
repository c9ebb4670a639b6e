package import Model

/// An artifact that may be fed: what is known of it without reading it.
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

    package init(
        artifact: UInt64, node: String, domain: String, contentType: String, rawSource: String, receivedAt: WallTime,
        confidence: Double? = nil, threatLevel: Double? = nil, opportunityValue: Double? = nil
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
    }
}
