import Model
import Storage
import Synchronization
import TestKit
import Testing

@testable import Coordinator

/// How what sinks say of scenarios becomes a figure for each node.
@Suite struct NodeRatingTests {
    /// Two nodes' artifacts, all of them fed: 1 to 3 of n1, 4 of n2.
    private func fed() throws -> FeedRig {
        let rig = try FeedRig()
        try rig.store((1...3).map { FeedRig.artifact($0) })
        try rig.send([FeedRig.artifact(4)], from: "n2")
        try rig.pass()
        return rig
    }

    private func rate(_ rig: FeedRig, artifact: UInt64, _ quality: Double) throws {
        let sequence = try rig.database.first(
            "SELECT sequence FROM feed_outbox WHERE artifact = ?", .int(artifact)
        ) { $0.uint(0) }
        let id = ScenarioID(incarnation: 1, sequence: try #require(sequence))
        #expect(try rig.feed.rate(id, quality, by: "jsonl", in: rig.database))
    }

    @Test func `a node is rated with the mean of the last word on each, with the next second`() throws {
        let rig = try fed()
        #expect(rig.ratingBoard.rating(of: "n1") == nil)
        try rate(rig, artifact: 1, 0.25)
        try rate(rig, artifact: 2, 0.75)
        #expect(rig.ratingBoard.rating(of: "n1") == nil)
        try rig.pass(after: .seconds(1))
        #expect(rig.ratingBoard.rating(of: "n1") == 0.5)
        #expect(rig.ratingBoard.rating(of: "n2") == nil)
        try rate(rig, artifact: 1, 1)
        try rate(rig, artifact: 4, 0)
        try rig.pass(after: .seconds(1))
        #expect(rig.ratingBoard.rating(of: "n1") == 0.875)
        #expect(rig.ratingBoard.rating(of: "n2") == 0)
    }

    @Test func `ratings are there after a restart, and when all that is computed is lost`() throws {
        let rig = try fed()
        try rate(rig, artifact: 3, 0.25)
        try rate(rig, artifact: 4, 0.5)
        try rig.restart()
        #expect(rig.ratingBoard.changes(after: 0).ratings.map(\.rating) == [0.25, 0.5])
        try rig.forgetDerived()
        #expect(rig.ratingBoard.changes(after: 0).ratings.map(\.node) == ["n1", "n2"])
    }

    @Test func `only a node's last thousand ratings count`() throws {
        let rig = try fed()
        for number in 1...1_100 as ClosedRange<UInt64> {
            let rating = FeedRatings.Rating(
                number: number, position: 0, sink: "s", node: "n3", artifact: number, quality: number > 100 ? 1 : 0,
                at: rig.time.wall())
            try FeedRatings.insert(rating, in: rig.database)
        }
        #expect(try FeedRatings.mean(of: "n3", in: rig.database) == 1)
        #expect(try FeedRatings.mean(of: "n4", in: rig.database) == nil)
    }

    // MARK: The board

    @Test func `who asks after a change is given what came later, as much as it takes`() {
        let board = RatingBoard()
        #expect(board.changes(after: 0).ratings == [])
        let first = ["a", "b", "c"].map { NodeRating(node: $0, rating: 0.5) }
        board.publish(first)
        let two = board.changes(after: 0, limit: 2)
        #expect(two.ratings == Array(first.prefix(2)) && two.version == 2)
        let rest = board.changes(after: two.version, limit: 2)
        #expect(rest.ratings == [first[2]] && rest.version == 3)
        board.publish(first)
        #expect(board.changes(after: 3).ratings == [], "said again it is no news")
        board.publish([NodeRating(node: "a", rating: 0.6)])
        #expect(board.changes(after: 3).ratings == [NodeRating(node: "a", rating: 0.6)])
        #expect(board.changes(after: 9).ratings == [])
    }

    @Test func `a follower is given all there is, and then what changes`() {
        let board = RatingBoard()
        let given = Mutex<[[NodeRating]]>([])
        board.publish([NodeRating(node: "b", rating: 0.5), NodeRating(node: "a", rating: 1)])
        board.follow { ratings in given.withLock { $0.append(ratings) } }
        board.publish([NodeRating(node: "a", rating: 1), NodeRating(node: "b", rating: 0)])
        #expect(
            given.withLock { $0 } == [
                [NodeRating(node: "a", rating: 1), NodeRating(node: "b", rating: 0.5)],
                [NodeRating(node: "b", rating: 0)],
            ])
    }
}
