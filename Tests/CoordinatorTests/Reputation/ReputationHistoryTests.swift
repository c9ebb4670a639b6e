import Model
import Storage
import TestKit
import Testing
import Wire

@testable import Coordinator

/// What the ledger is told of reputation, and what it was at older state versions.
@Suite struct ReputationHistoryTests {
    private let directory = TemporaryDirectory()
    private let database: Database
    private let board = ReputationBoard()

    init() throws {
        database = try Database.open(path: directory.file("derived.db"), access: .writer)
        try database.migrate(to: DerivedSchema.current)
    }

    /// Follows these commits, one transaction each, as a derived step does.
    private func follow(_ commits: [ChangeCommit], _ consumer: ReputationConsumer) throws {
        for commit in commits {
            try database.transaction { () throws(StorageError) in
                try consumer.apply(commit, in: database)
                try consumer.settle(in: database)
                try database.run("INSERT OR REPLACE INTO consumer VALUES('reputation', ?)", .int(commit.version))
            }
        }
    }

    /// Three good epochs of one node and three bad ones of another.
    private func history() -> CommitWriter {
        var writer = CommitWriter()
        for _ in 0..<6 {
            writer.epoch { writer in
                for _ in 0..<10 { writer.store("good", confidence: 0.5) }
                writer.tally("bad", received: 10, refused: 9)
            }
        }
        return writer
    }

    private func consumer() throws -> ReputationConsumer {
        let consumer = ReputationConsumer(board: board)
        try consumer.load(from: database)
        return consumer
    }

    @Test func `the ledger weighs with what each epoch ended with, and a start finds it before anything is followed`()
        throws
    {
        defer { database.close() }
        let writer = history()
        let consumer = try consumer()
        #expect(board.current["good"] == 0.375 && board.current["anyone"] == 0.375)
        try follow(writer.commits, consumer)
        let reputation = consumer.reputation
        for node in ["good", "bad"] {
            #expect(board.current[node] == reputation.effective(node, at: reputation.now))
        }
        #expect(board.current["good"] > 0.5 && board.current["bad"] < 0.3)
        let stored = try #require(
            Reputation.figures(storedIn: directory.file("derived.db"), at: reputation.now))
        #expect(stored["good"] == board.current["good"] && stored["bad"] == board.current["bad"])
        #expect(Reputation.figures(storedIn: directory.file("none.db"), at: reputation.now) == nil)
        let other = ReputationBoard()
        try ReputationConsumer(board: other).load(from: database)
        #expect(other.current["bad"] == board.current["bad"])
    }

    @Test func `a node's standing at an older state version is what the decisions up to it left`() throws {
        defer { database.close() }
        let writer = history()
        let consumer = try consumer()
        var seen: [UInt64: Double] = [:]
        for commit in writer.commits {
            try follow([commit], consumer)
            seen[commit.version] = consumer.reputation.effective("good", at: consumer.reputation.now)
        }
        let last = try #require(writer.commits.last?.version)
        func past(_ version: UInt64, of node: String = "good") throws -> ReputationConsumer.Past {
            try consumer.standing(of: node, decisions: 3, atVersion: version, in: database)
        }
        for version in [UInt64(4), 8, last] {
            guard case .standing(let standing) = try past(version) else {
                Issue.record("no standing at \(version)")
                continue
            }
            #expect(standing.effective == seen[version])
            #expect(standing.decisions.allSatisfy { $0.stateVersion <= version } && !standing.decisions.isEmpty)
            #expect(standing.stateVersion == version)
        }
        #expect(try describe(past(1)) == "0.5 0.375 0")
        #expect(try describe(past(last, of: "nobody")) == "unknown")
        #expect(try describe(past(last + 1)) == "ahead of \(last)")
        try database.run("DELETE FROM reputation_decision WHERE number < 3")
        #expect(try describe(past(2)).hasPrefix("older than "))
    }

    private func describe(_ past: ReputationConsumer.Past) -> String {
        switch past {
        case .standing(let standing): "\(standing.score) \(standing.effective) \(standing.decisions.count)"
        case .unknown: "unknown"
        case .ahead(let newest): "ahead of \(newest)"
        case .forgotten(let oldest): "older than \(oldest)"
        }
    }
}
