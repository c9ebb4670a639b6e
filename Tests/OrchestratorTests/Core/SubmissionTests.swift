import Model
import Storage
import TestKit
import Testing
import Wire

@testable import Orchestrator

@Suite struct SubmissionTests {
    private func refusal(_ change: (inout Proto.TargetSpec) -> Void) throws -> [String] {
        var spec = page(1)
        change(&spec)
        let verdicts = try Rig().submit(spec, page(2))
        #expect(verdicts[1].result == .created, "the rest of the chunk is accepted")
        return verdicts[0].result == .refused ? [verdicts[0].field, verdicts[0].message] : []
    }

    @Test func `a bad target is refused with the field, its value and the remedy`() throws {
        #expect(
            try refusal { $0.type = "ftp" } == [
                "type",
                "\"ftp\" is not a type of target; use one of web, crawl, feed, api, dataset, file, documentation, "
                    + "exec, notebook",
            ])
        #expect(try refusal { $0.location = "" } == ["location", "it is empty; say where to collect from"])
        #expect(
            try refusal { $0.location = "https://x/" + String(repeating: "y", count: 8_192) } == [
                "location", "it has 8202 bytes; at most 8192 are accepted",
            ])
        #expect(
            try refusal { $0.location = "gopher://x" } == [
                "location", "\"gopher://x\" is not an http or https URL; a web target needs one",
            ])
        #expect(
            try refusal { $0.location = "https://x/a b" } == [
                "location", "\"https://x/a b\" has white space or control characters; write them as %20",
            ])
        #expect(try refusal { $0.priority = 11 } == ["priority", "11 is out of range; use 1 to 10"])
        #expect(try refusal { $0.priority = 0 } == ["priority", "0 is out of range; use 1 to 10"])
        #expect(try refusal { $0.intervalS = 0 } == ["interval_s", "0 s is out of range; use 1 to 2592000 s"])
        #expect(
            try refusal { $0.minRetryIntervalS = 2_592_001 } == [
                "min_retry_interval_s", "2592001 s is out of range; use 1 to 2592000 s",
            ])
        #expect(try refusal { $0.confidence = 1.5 } == ["confidence", "1.5 is out of range; use 0 to 1"])
        #expect(try refusal { $0.threatLevel = .nan } == ["threat_level", "nan is out of range; use 0 to 1"])
        #expect(
            try refusal { $0.schedule = .unrecognized(9) } == [
                "schedule", "9 is no schedule; use 1 (interval), 2 (once), 3 (cron) or 4 (adaptive)",
            ])
        #expect(
            try refusal { $0.metadata = ["k": String(repeating: "v", count: 65_535)] } == [
                "metadata", "its keys and values have 65536 bytes; at most 65535 are accepted",
            ])
        #expect(
            try refusal {
                $0.type = "exec"
                $0.location = "probe"
            } == [
                "metadata.node",
                "a target of type exec belongs to a host and names none; give a node's name, or a label as key=value",
            ])
    }

    @Test func `what is good at its limits is accepted`() throws {
        #expect(try refusal { $0.priority = 10 } == [])
        #expect(try refusal { $0.metadata = ["k": String(repeating: "v", count: 65_534)] } == [])
        #expect(try refusal { $0.intervalS = 2_592_000 } == [])
        #expect(try refusal { $0 = Proto.TargetSpec(type: "dataset", location: "/data/rows.csv") } == [])
        #expect(try refusal { $0.type = "domain" } == [])
    }

    @Test func `the same target again updates the fields it gives and nothing else`() throws {
        let rig = try Rig()
        try rig.register("n", on: 1)
        var spec = page(1)
        spec.metadata = ["a": "1"]
        spec.priority = 3
        let created = try rig.submit(spec)
        #expect(created.map(\.result) == [.created])
        let running = rig.core.leases.keys.sorted()
        var again = page(1)
        again.labels = ["team": "blue"]
        let updated = try rig.submit(again)
        #expect(updated.map(\.result) == [.updated])
        #expect(updated[0].target == created[0].target)
        #expect(rig.core.leases.keys.sorted() == running)
        try rig.restart()
        let entry = rig.core.targets[0]
        #expect(entry.target.priority == 3)
        #expect(entry.details?.spec.metadata == ["a": "1"])
        #expect(entry.details?.spec.labels == ["team": "blue"])
        #expect(rig.core.status().submitted == 1)
    }

    @Test func `a new priority counts at once for what waits`() throws {
        let rig = try Rig()
        try rig.submit(page(1), page(2))
        var urgent = page(2)
        urgent.priority = 9
        try rig.submit(urgent)
        #expect(try rig.register("n", on: 1, capacity: 1).assignments.map(\.location) == ["https://h2.example/2"])
    }

    @Test func `the same key and chunk answer the same for an hour and change nothing`() throws {
        let rig = try Rig()
        let first = try rig.submit(page(1), key: 4, chunk: 2)
        #expect(try rig.submit(page(1), page(9), key: 4, chunk: 2) == first)
        try rig.restart()
        #expect(try rig.submit(page(1), key: 4, chunk: 2) == first)
        #expect(rig.core.status().submitted == 1)
        #expect(try rig.submit(page(1), key: 4, chunk: 3).map(\.result) == [.updated])
        try rig.pass(.seconds(3_599))
        #expect(try rig.submit(page(1), key: 4, chunk: 2) == first)
        try rig.pass(.seconds(2))
        #expect(try rig.submit(page(1), key: 4, chunk: 2).map(\.result) == [.updated])
    }

    @Test func `a bad key or too many targets refuse the chunk`() throws {
        let rig = try Rig()
        let short = Proto.SubmitTargets(key: [1, 2], chunk: 0, targets: [page(1)])
        #expect(
            try rig.send(.submitTargets(short), as: "op", on: 9).errors.map(\.message) == [
                "it has 2 bytes; use 16 random ones"
            ])
        let key = Array(repeating: 1, count: 16)[...] as ArraySlice<UInt8>
        let many = Proto.SubmitTargets(key: key, chunk: 0, targets: (0...1_000).map { page($0) })
        #expect(
            try rig.send(.submitTargets(many), as: "op", on: 9).errors.map(\.message) == [
                "the chunk has 1001; send at most 1000 and number the chunks"
            ])
        #expect(rig.core.status().submitted == 0)
    }

    @Test func `a target's identity is its type and location, and its host where it belongs to one`() throws {
        let rig = try Rig()
        func id(_ type: String, _ location: String, node: String? = nil) throws -> ArraySlice<UInt8> {
            var spec = Proto.TargetSpec(type: type, location: location)
            if let node { spec.metadata = ["node": node] }
            return try rig.submit(spec)[0].target
        }
        #expect(try id("crawl", "https://x.example") == id("domain", "https://x.example"))
        #expect(try id("crawl", "https://x.example") != id("web", "https://x.example"))
        #expect(try id("file", "/a", node: "n") == id("file", "/a", node: "n"))
        #expect(try id("file", "/a", node: "n") != id("file", "/a", node: "m"))
        #expect(try id("web", "https://x.example", node: "n") == id("web", "https://x.example", node: "m"))
    }

    @Test func `a listing goes on from its cursor and knows the states`() throws {
        let rig = try Rig()
        try rig.submit(page(1), page(2), page(3))
        func list(_ message: Proto.ListTargets) throws -> Proto.ListTargetsReply? {
            for case .listTargetsReply(let reply) in try rig.send(.listTargets(message), as: "op", on: 9).bodies {
                return reply
            }
            return nil
        }
        let first = try #require(try list(Proto.ListTargets(limit: 2)))
        #expect(first.targets.map(\.location) == ["https://h1.example/1", "https://h2.example/2"])
        let second = try #require(try list(Proto.ListTargets(after: first.next, limit: 2)))
        #expect(second.targets.map(\.state) == ["due"])
        #expect(second.next.isEmpty)
        #expect(try list(Proto.ListTargets(state: "dead"))?.targets == [])
        let wrong = try rig.send(.listTargets(Proto.ListTargets(state: "lost")), as: "op", on: 9).errors.first
        #expect(
            wrong?.message
                == "\"lost\" is no state; use scheduled, due, leased, retry, paused, dead, cancelled, done")
        let cursor = try rig.send(.listTargets(Proto.ListTargets(after: [1, 2])), as: "op", on: 9).errors.first
        #expect(cursor?.code == .notFound)
    }
}
