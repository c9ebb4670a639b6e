/// What the ledger really did with the items of one lease in one commit.
package struct Receipt: Hashable, Sendable {
    package var lease: LeaseRef
    package var node: String
    package var stream: UInt64
    /// The last sequence of the stream that this commit applied under the lease.
    package var lastSequence: UInt64
    package var stored: UInt32 = 0
    package var duplicates: UInt32 = 0
    /// Of the duplicates, those whose sighting corroborates. The same content at another source is stored, and counted
    /// there.
    package var corroborating: UInt32 = 0
    package var refused: UInt32 = 0
    package var unchanged: UInt32 = 0
    /// The last bookmark item among them, if there was one.
    package var bookmark: [UInt8]?

    package init(lease: LeaseRef, node: String, stream: UInt64, lastSequence: UInt64) {
        self.lease = lease
        self.node = node
        self.stream = stream
        self.lastSequence = lastSequence
    }
}

/// The receipts of some state versions in a row; versions are the reader's positions.
package struct ReceiptPage: Hashable, Sendable {
    /// The page follows on a reader that stands here or further on: no receipt lies between.
    package var after: UInt64
    /// Every receipt with a version up to this one has been given.
    package var position: UInt64
    package var receipts: [Receipt]

    package init(after: UInt64 = 0, position: UInt64, receipts: [Receipt]) {
        self.after = after
        self.position = position
        self.receipts = receipts
    }
}
