package import Model

/// Hands one reader every receipt of the ledger, in order and without a gap: a commit's own page where it follows on
/// what the reader has, and otherwise from the log, as after a commit whose outcome was not known at first.
package struct ReceiptFeed: Sendable {
    private var position: UInt64

    package init(after position: UInt64) { self.position = position }

    /// `fresh` is what a commit has just given, if there was one. After an error the reader has what it was given.
    package mutating func advance(
        _ fresh: ReceiptPage? = nil, from ledger: Ledger, _ give: (ReceiptPage) -> Void
    ) throws(LedgerError) {
        if let fresh, fresh.after <= position {
            give(fresh)
            position = max(position, fresh.position)
        }
        // One commit a page: a page is then either counted or not, wherever the reader stands.
        while position < ledger.head.stateVersion {
            let page = try ledger.receipts(after: position, limit: 1)
            give(page)
            position = page.position
        }
    }
}
