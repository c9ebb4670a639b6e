package import Model

/// Hands one reader every receipt of the ledger, in order and without a gap: a commit's own page where it follows on
/// what the reader has, and otherwise from the log, as after a commit whose outcome was not known at first.
package struct ReceiptFeed: Sendable {
    private var position: UInt64

    /// Commits in a row without receipts that the reader is told of together: each page costs it a commit of its own.
    package static let quietCommits: UInt64 = 1_024

    package init(after position: UInt64) { self.position = position }

    /// `fresh` is what a commit has just given, if there was one. After an error the reader has what it was given.
    /// `toTheEnd`: commits without receipts are told of too, be they ever so few.
    package mutating func advance(
        _ fresh: ReceiptPage? = nil, from ledger: Ledger, toTheEnd: Bool = false, _ give: (ReceiptPage) -> Void
    ) throws(LedgerError) {
        try advance(fresh, from: ledger, toTheEnd: toTheEnd) { page in
            give(page)
            return true
        }
    }

    /// `take` says whether there is room for more.
    mutating func advance(
        _ fresh: ReceiptPage? = nil, from ledger: Ledger, toTheEnd: Bool = false, while take: (ReceiptPage) -> Bool
    ) throws(LedgerError) {
        var hasRoom = true
        if let fresh, fresh.after <= position {
            hasRoom = take(fresh)
            position = max(position, fresh.position)
        }
        // One commit a page: a page is then either counted or not, wherever the reader stands.
        while hasRoom,
            position < ledger.lastReceipts
                || ledger.head.stateVersion >= position + (toTheEnd ? 1 : ReceiptFeed.quietCommits)
        {
            let page = try ledger.receipts(after: position, limit: 1)
            hasRoom = take(page)
            position = page.position
        }
    }
}
