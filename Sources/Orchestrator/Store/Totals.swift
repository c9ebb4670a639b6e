import Model

/// The sums and positions that are stored in the same transaction as what they count.
struct Totals: Hashable, Sendable {
    var incarnation: UInt64 = 0
    /// The second part of the latest fence, and the number of the latest lease.
    var fenceCounter: UInt64 = 0
    var receiptPosition: UInt64 = 0
    var submitted: UInt64 = 0
    var successes: UInt64 = 0
    var empties: UInt64 = 0
    var failures: UInt64 = 0
    var handedBack: UInt64 = 0
    /// Leases that ended without a result: expired, or lost with their node.
    var released: UInt64 = 0
    /// Outcomes, renewals and receipts under an old fence.
    var fenced: UInt64 = 0
    var stored: UInt64 = 0
    var duplicates: UInt64 = 0
    var refused: UInt64 = 0
    var unchanged: UInt64 = 0

    mutating func count(_ settlement: Settlement) {
        switch settlement {
        case .success: successes += 1
        case .empty: empties += 1
        case .failure: failures += 1
        case .handedBack: handedBack += 1
        }
    }

    mutating func count(_ receipt: Receipt) {
        stored += UInt64(receipt.stored)
        duplicates += UInt64(receipt.duplicates)
        refused += UInt64(receipt.refused)
        unchanged += UInt64(receipt.unchanged)
    }
}
