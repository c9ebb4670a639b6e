/// What the orchestrator wants of the coordinator, be it in the same process or in one of its own.
package protocol CoordinatorAccess: Sendable {
    /// Gives every receipt after `position`, then each new one, in order and without a gap. Called again, it begins
    /// anew.
    func followReceipts(after position: UInt64, _ give: @escaping @Sendable (ReceiptPage) -> Void)

    /// Gives every node's rating, then those that change. Called again, it begins anew.
    func followRatings(_ give: @escaping @Sendable ([NodeRating]) -> Void)

    /// Everything up to `position` is on the orchestrator's disk.
    func receiptsRead(to position: UInt64)

    /// True: the order is in force, also after a restart. Where it is not, the orchestrator repeats it.
    func enforce(_ order: QuotaOrder) async -> Bool

    /// True: the ledger has it. Where it has not, the orchestrator repeats it.
    func markLate(_ leases: [LeaseRef]) async -> Bool
}
