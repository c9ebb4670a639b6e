package import Model

/// What an owner may set. The defaults are the product's.
package struct OrchestratorConfiguration: Sendable {
    /// First part of every new fence: higher than in any earlier life or restored copy of this data directory.
    package var incarnation: UInt64
    package var suspectAfter = Limits.suspectAfter
    package var offlineAfter = Limits.offlineAfter
    package var collectingDeadline = Limits.collectingDeadline
    package var deliveringDeadline = Limits.deliveringDeadline
    package var politeness = Politeness()
    package var journal = JournalPolicy()

    package init(incarnation: UInt64) { self.incarnation = incarnation }
}

/// When rows follow the journal, and how many at a time.
package struct JournalPolicy: Sendable {
    /// Bytes of the journal from which rows follow though there is other work.
    package var bytes = Limits.journalBytes
    /// Without a change, before rows follow by themselves.
    package var rest = Limits.journalRest
    /// Rows in one turn.
    package var slice = Limits.rowsASlice
    /// Bytes of the write-ahead log from which on nothing is added while somebody's read keeps it.
    package var logHeld = Limits.logHeld

    package init() {}
}
