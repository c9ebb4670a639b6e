import Model
import Testing
import Wire

@testable import Hub

/// What the roles tell each other over the wire is what they tell each other in one process.
@Suite struct WireFormTests {
    private let ref = LeaseRef(
        lease: 7, target: TargetID(high: 1, low: 2), fence: Fence(incarnation: 3, counter: 4))

    private func wire<Message: ProtoMessage>(_ message: Message) throws -> Message {
        try Message(decoding: message.encoded()[...])
    }

    @Test func `a page of receipts`() throws {
        var receipt = Receipt(lease: ref, node: "n1", stream: 5, lastSequence: 6)
        (receipt.stored, receipt.duplicates, receipt.refused, receipt.unchanged) = (1, 2, 3, 4)
        receipt.corroborating = 5
        var marked = receipt
        marked.bookmark = []
        let page = ReceiptPage(after: 8, position: 9, receipts: [receipt, marked])
        #expect(try wire(Proto.ReceiptPage(page)).page == page)
    }

    @Test func `a receipt for no target makes its page none`() {
        let lease = Proto.LeaseRef(lease: 1, target: [1, 2], fence: Proto.Fence(incarnation: 1, counter: 1))
        #expect(Proto.ReceiptPage(position: 1, receipts: [Proto.LeaseReceipt(lease: lease)]).page == nil)
        #expect(Proto.ReceiptPage(position: 1, receipts: [Proto.LeaseReceipt()]).page == nil)
    }

    @Test func `a rating`() throws {
        let rating = NodeRating(node: "n1", rating: 0.8)
        #expect(try NodeRating(wire(Proto.NodeRating(rating))) == rating)
    }

    @Test func `a lease, and one without a fence`() throws {
        #expect(try wire(ref.wire).ref == ref)
        #expect(Proto.LeaseRef(lease: 7, target: ref.target.bytes[...]).ref == nil)
    }

    @Test func `quotas`() throws {
        let order = QuotaOrder(
            base: 1, cluster: 2, revision: 3, nodes: [QuotaOrder.Node(name: "n1", quota: 4, revision: 5)])
        #expect(try wire(Proto.EnforceQuotas(order)).order == order)
    }
}
