package import Model
package import Wire

/// What the two roles tell each other, as messages. Nil for a message that names no target.
extension Proto.ReceiptPage {
    package init(_ page: ReceiptPage) {
        self.init(after: page.after, position: page.position, receipts: page.receipts.map(Proto.LeaseReceipt.init))
    }

    package var page: ReceiptPage? {
        let given = receipts.compactMap(\.receipt)
        guard given.count == receipts.count else { return nil }
        return ReceiptPage(after: after, position: position, receipts: given)
    }
}

extension Proto.LeaseReceipt {
    init(_ receipt: Receipt) {
        self.init(
            lease: receipt.lease.wire, node: receipt.node, stream: receipt.stream,
            lastSequence: receipt.lastSequence, stored: receipt.stored, duplicates: receipt.duplicates,
            refused: receipt.refused, unchanged: receipt.unchanged, bookmark: receipt.bookmark?[...],
            corroborating: receipt.corroborating)
    }

    var receipt: Receipt? {
        guard let ref = lease?.ref else { return nil }
        var receipt = Receipt(lease: ref, node: node, stream: stream, lastSequence: lastSequence)
        receipt.stored = stored
        receipt.duplicates = duplicates
        receipt.corroborating = corroborating
        receipt.refused = refused
        receipt.unchanged = unchanged
        receipt.bookmark = bookmark.map(Array.init)
        return receipt
    }
}

extension Proto.NodeRating {
    package init(_ rating: NodeRating) { self.init(node: rating.node, rating: rating.rating) }
}

extension NodeRating {
    package init(_ message: Proto.NodeRating) { self.init(node: message.node, rating: message.rating) }
}

extension Proto.EnforceQuotas {
    package init(_ order: QuotaOrder) {
        self.init(
            base: order.base, cluster: order.cluster, revision: order.revision,
            nodes: order.nodes.map { Proto.EnforcedQuota(node: $0.name, quota: $0.quota, revision: $0.revision) })
    }

    package var order: QuotaOrder {
        QuotaOrder(
            base: base, cluster: cluster, revision: revision,
            nodes: nodes.map { QuotaOrder.Node(name: $0.node, quota: $0.quota, revision: $0.revision) })
    }
}
