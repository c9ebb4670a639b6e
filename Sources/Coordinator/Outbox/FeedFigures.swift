/// What the feed counts, stored with what is counted.
package struct FeedFigures: Equatable, Sendable {
    package var scenarios: UInt64 = 0
    package var optedOut: UInt64 = 0
    package var notText: UInt64 = 0
    package var tombstones: UInt64 = 0
    package var delivered: UInt64 = 0
    package var quarantined: UInt64 = 0
    package var refusals: UInt64 = 0
    package var rated: UInt64 = 0
    package var walks: UInt64 = 0
    package var isPaused = false
    /// Bytes of the sink's file of qualities that were read.
    package var qualityRead: UInt64 = 0

    package init() {}

    static var names: [(String, WritableKeyPath<FeedFigures, UInt64>)] {
        [
            ("scenarios", \.scenarios), ("opted_out", \.optedOut), ("not_text", \.notText),
            ("tombstones", \.tombstones),
            ("delivered", \.delivered), ("quarantined", \.quarantined), ("refusals", \.refusals), ("rated", \.rated),
            ("walks", \.walks), ("quality_read", \.qualityRead),
        ]
    }

    /// Everything decided that is neither delivered nor quarantined.
    package var waiting: UInt64 { scenarios + tombstones - delivered - quarantined }
}

/// The state of the feed, for operators.
package struct FeedStatus: Equatable, Sendable {
    package var figures = FeedFigures()
    package var rate = 0
    package var slots = 0
    package var fedInWindow: Int { rate - slots }
    package var position: UInt64 = 0

    package init() {}
}
