import Testing

@testable import Simulation

@Suite("The simulator", .serialized)
struct SimulatorTests {
    @Test("A thousand seeds hold every invariant, and everything that can happen has happened")
    func thousandSeeds() throws {
        let result = try Simulator.run(.planted, "--seeds", "1..1000", "--json")
        #expect(result.status == 0, "\(result.output)")
        #expect(result.summary.contains("\"seeds\":1000,\"failures\":0,"), "\(result.output)")
        for occurrence in Occurrence.allCases {
            let never = "\"\(occurrence.rawValue)\":0"
            #expect(!result.summary.contains(never + ",") && !result.summary.contains(never + "}"), "\(never)")
        }
    }

    private static let planted: [(String, [Invariant])] = [
        ("ack-before-commit", [.ackedIsKept]),
        ("dedup-only-in-memory", [.storedOnce]),
        ("stale-lease-accepted", [.staleChangesNothing, .settledByReceipt]),
        ("anyones-word-accepted", [.staleChangesNothing]),
        ("receipt-applied-twice", [.countedOnce]),
        ("spool-deleted-before-fsync-ack", [.spooledIsDelivered]),
    ]

    @Test("A planted bug is found within a thousand seeds, by the invariant it breaks", arguments: planted)
    func plantedBug(name: String, invariants: [Invariant]) throws {
        let result = try Simulator.run(
            .planted, "--bug", name, "--seeds", "1..1000", "--until-failure", "--json")
        #expect(result.status == 1, "\(result.output)")
        #expect(
            invariants.contains { result.output.contains("\"invariant\":\"\($0.rawValue)\"") }, "\(result.output)")
    }

    @Test("Every planted bug has a test")
    func plantedBugs() {
        #expect(Self.planted.map(\.0) == Command.bugs)
    }

    @Test("The same seeds take the same course in every process, other seeds another")
    func determinism() throws {
        func trace(_ seeds: String) throws -> Substring {
            let result = try Simulator.run(.planted, "--seeds", seeds, "--json")
            let after = result.summary.split(separator: "\"trace\":\"").last ?? ""
            return after.prefix { $0 != "\"" }
        }
        let first = try trace("101..120")
        #expect(first.count > 8)
        #expect(try trace("101..120") == first)
        #expect(try trace("102..121") != first)
    }

    @Test("The ordinary build runs seeds, and has no bug to wake")
    func ordinaryBuild() throws {
        let result = try Simulator.run(.ordinary, "--seeds", "1..3")
        #expect(result.status == 0, "\(result.output)")
        #expect(result.summary.hasPrefix("3 seeds, 0 failed, "))
        #expect(try Simulator.run(.ordinary, "--bug", "ack-before-commit").status == 2)
    }

    @Test("A traced seed tells its course")
    func trace() throws {
        let result = try Simulator.run(.planted, "--trace", "1")
        #expect(result.status == 0)
        #expect(result.output.contains("hub-started"))
        #expect(result.output.contains("commit version 1,"))
        #expect(result.output.contains("audited"))
    }

    @Test(
        "What makes no sense is refused",
        arguments: [["--seeds", "5"], ["--seeds", "9..2"], ["--trace", "x"], ["--fast"], ["--seeds"]])
    func usage(arguments: [String]) {
        #expect(Command.run(arguments) == 2)
    }
}
