import Model
import TestKit
import Testing
import Wire

@testable import Orchestrator

/// What sinks say of what nodes brought, and what the ledger says of its duplicates, in the quality that is shown.
@Suite struct SinkRatingTests {
    private func rate(_ rig: Rig, _ node: String, _ rating: Double) throws {
        try rig.turn(.ratings([NodeRating(node: node, rating: rating)]))
    }

    private func shown(_ rig: Rig, _ name: String = "n") throws -> Proto.NodeInfo {
        guard case .explainReply(let reply) = rig.core.explain(Proto.Explain(node: name)) else {
            throw World.Broken(sentence: "no explanation")
        }
        let info = try #require(reply.node)
        #expect(rig.core.nodes().first { $0.name == name } == info)
        return info
    }

    private func near(_ figure: Double, _ expected: Double) -> Bool { abs(figure - expected) < 1e-9 }

    /// A node with five settled leases of ten items each.
    private func collected(stored: UInt32, corroborating: UInt32, refused: UInt32 = 0) throws -> Rig {
        let rig = try Rig()
        try rig.register("n", on: 1, capacity: 1)
        for number in 0..<5 {
            try rig.submit(page(number))
            let assignment = try #require(try rig.held().first)
            var receipt = Receipt(lease: assignment.ref, node: "n", stream: 5, lastSequence: 10)
            receipt.stored = stored
            receipt.refused = refused
            receipt.duplicates = 10 - stored - refused
            receipt.corroborating = corroborating
            try rig.turn(.receipts(ReceiptPage(position: rig.core.receiptPosition + 1, receipts: [receipt])))
            // What the tally holds is on disk between receipt and report.
            if number == 2 {
                try rig.restart()
                try rig.register("n", on: 1, capacity: 1, leases: [assignment.held()])
            }
            try rig.report(assignment, last: 10, as: "n", on: 1)
        }
        return rig
    }

    @Test func `quality is of what was valid, of what was new or corroborates, and of the rating`() throws {
        let rig = try collected(stored: 2, corroborating: 3, refused: 1)
        #expect(try shown(rig).rating == nil)
        #expect(near(try shown(rig).quality, 0.5 * 0.9 + 0.2 * 0.5 + 0.3 * 0.5))
        try rate(rig, "n", 0.8)
        #expect(try shown(rig).rating == 0.8)
        #expect(near(try shown(rig).quality, 0.5 * 0.9 + 0.2 * 0.5 + 0.3 * 0.8))
        #expect(near(try shown(rig).usefulness, 0.4 + 0.4 * (0.45 + 0.1 + 0.24) + 0.2))
        try rate(rig, "n", 0)
        #expect(near(try shown(rig).quality, 0.5 * 0.9 + 0.2 * 0.5))
    }

    @Test func `duplicates that corroborate nothing are valid and no more`() throws {
        #expect(near(try shown(collected(stored: 0, corroborating: 0)).quality, 0.5 + 0.15))
    }

    @Test func `a rating comes before its node, is gone after a restart and is told again`() throws {
        let rig = try Rig()
        try rate(rig, "n", 0.25)
        try rig.register("n", on: 1)
        #expect(try shown(rig).rating == 0.25)
        try rig.restart()
        #expect(try shown(rig).rating == nil)
        try rate(rig, "n", 0.25)
        #expect(try shown(rig).rating == 0.25)
    }

    @Test func `what is no rating changes nothing`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        try rate(rig, "n", 1)
        for none in [.nan, -0.1, 1.1, .infinity] as [Double] { try rate(rig, "n", none) }
        #expect(try shown(rig).rating == 1)
    }

    @Test func `a low rating degrades a node at once, and a better one ends it`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        rig.core.fleet[0].health.restore(
            (0..<5).map {
                ($0, HealthOutcome($0 == 0 ? .success : .failure, target: 0, took: .seconds(30), sent: 10, valid: 3))
            })
        // 0.4 · 0.2 + 0.4 · (0.5 · 0.3 + 0.3 · rating) + 0.2 · 0.5
        try rate(rig, "n", 1)
        #expect(try shown(rig).health == "healthy")
        try rate(rig, "n", 0.25)
        #expect(try shown(rig).health == "usefulness 0.27 is below 0.3")
        #expect(try shown(rig).state == "degraded")
        rig.core.fleet[0].health.restore([(5, HealthOutcome(.success, target: 0, took: .zero, sent: 40, valid: 40))])
        try rate(rig, "n", 0.9)
        #expect(try shown(rig).health == "healthy")
        #expect(try shown(rig).state == "active")
    }
}
