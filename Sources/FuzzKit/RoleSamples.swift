import Wire

extension Corpus {
    /// What orchestrator and coordinator tell each other.
    static var betweenRoles: [Proto.Envelope.Body] {
        let lease = Proto.LeaseRef(lease: 7, target: id, fence: Proto.Fence(incarnation: 3, counter: 500))
        let receipt = Proto.LeaseReceipt(
            lease: lease, node: "n-1", stream: 7, lastSequence: 9, stored: 1, duplicates: 300, bookmark: [],
            corroborating: 200)
        return [
            .readReceipts(Proto.ReadReceipts(after: 300, waitMs: 5_000, ratingsAfter: 7)),
            .receiptPages(
                Proto.ReceiptPages(
                    pages: [Proto.ReceiptPage(after: 300, position: 301, receipts: [receipt])], stateVersion: 301,
                    ratings: [Proto.NodeRating(node: "n-1", rating: 0.8)], ratingsVersion: 8)),
            .enforceQuotas(
                Proto.EnforceQuotas(
                    base: 1_000, cluster: 10_000, revision: 2,
                    nodes: [Proto.EnforcedQuota(node: "n-1", quota: 500, revision: 2)])),
            .enforceQuotasReply(Proto.EnforceQuotasReply()),
            .markLate(Proto.MarkLate(leases: [lease])), .markLateReply(Proto.MarkLateReply()),
            .nodeOutOfCredit(Proto.NodeOutOfCredit(node: "n-1", retryAfterMs: 60_000)),
        ]
    }
}
