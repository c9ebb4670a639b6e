import Glibc
import Model
import TestKit
import Testing
import Wire

/// What a ledger goes through in its life, on a hub that is used and killed meanwhile.
@Suite(.processes) struct KeepingTests {
    private let directory = TemporaryDirectory()
    private static let items: UInt64 = 12_000

    private func run(_ words: String...) throws -> (end: ChildProcess.End, output: String, errors: String) {
        try Rookery.run(words, in: directory)
    }

    /// What the items of stream 1 say, under another stream, and so new to intake.
    private func send(
        _ items: ClosedRange<UInt64>, stream: UInt64, from name: String, to hub: Running
    ) throws -> [Proto.Verdict] {
        let peer = try WirePeer(port: hub.port, as: .node, name: name)
        var verdicts: [Proto.Verdict] = []
        for first in stride(from: items.lowerBound, through: items.upperBound, by: 250) {
            let last = min(first + 249, items.upperBound)
            var batch = Batches.numbered(first...last, stream: 1)
            batch.stream = stream
            batch.firstSequence = first - items.lowerBound + 1
            guard case .ingestAck(let ack) = try peer.ask(.ingestBatch(batch)), ack.refusal == .accepted else {
                throw WirePeer.Unexpected(description: "the batch from \(first) on was not taken")
            }
            verdicts += ack.verdicts
        }
        return verdicts
    }

    /// All of these are known, by the ids of the first time.
    private func expectKnown(_ items: ClosedRange<UInt64>, stream: UInt64, on hub: Running) throws {
        let verdicts = try send(items, stream: stream, from: "again", to: hub)
        let wrong = zip(items, verdicts).filter { $1.code != .duplicate || $1.artifact != $0 }
        #expect(wrong.isEmpty)
        #expect(try HubView(port: hub.port).counter("artifacts_stored") == KeepingTests.items)
    }

    @Test func `the dedup secret is changed on a hub that is used, copied and killed meanwhile`() throws {
        var random = SeededRandom(seed: 44)
        var hub = try Rookery.hub(directory)
        #expect(try send(1...KeepingTests.items, stream: 1, from: "first", to: hub).allSatisfy { $0.code == .stored })
        let old = try #require(ProcFile.bytes(directory.file("hub/dedup.secret")))

        let begun = try run("coordinator", "rekey", "--hub", hub.address)
        #expect(begun.end == .exited(0), "\(begun.errors)")
        #expect(begun.output.contains(" stored artifacts follow"))
        hub.process.killNow()
        hub = try Rookery.hub(directory)
        #expect(try HubView(port: hub.port).counter("rekey_total") == KeepingTests.items)
        let copied = try run("backup", "--hub", hub.address, "--with-secret", directory.file("backup"))
        #expect(copied.end == .exited(0), "\(copied.errors)")
        var stream: UInt64 = 2
        while try HubView(port: hub.port).counter("rekey_total") > 0 {
            let first = 1 + random.below(KeepingTests.items - 1_000)
            try expectKnown(first...first + 999, stream: stream, on: hub)
            stream += 1
            hub.process.killNow()
            hub = try Rookery.hub(directory)
        }
        try expectKnown(1...KeepingTests.items, stream: stream, on: hub)
        let status = try HubView(port: hub.port).status()
        #expect(status.value("identity_version") == 2 && status.conserves && status.alerts.isEmpty)
        #expect(ProcFile.bytes(directory.file("hub/dedup.secret")) != old)
        #expect(!ProcFile.entries(directory.file("hub")).contains("dedup.secret.next"))

        // Once more, waiting for the end.
        let whole = try run("coordinator", "rekey", "--hub", hub.address, "--wait")
        #expect(whole.end == .exited(0) && whole.output.hasPrefix("every artifact is named under the secret "))
        try expectKnown(1...1_000, stream: stream + 1, on: hub)
        #expect(try hub.process.terminate() == .exited(0))
        try StoppedFiles(directory.file("hub")).expectWholeLedger()
        try expectOtherSecretRefused(old)
        try expectBackupGoesOn(stream + 2)
    }

    private func expectOtherSecretRefused(_ old: [UInt8]) throws {
        let path = directory.file("hub/dedup.secret")
        let right = try #require(ProcFile.bytes(path))
        try ProcFile.write(old, to: path)
        let refused = try run("hub", "--data", directory.file("hub"), "--listen", "127.0.0.1:0")
        #expect(refused.end == .exited(1))
        #expect(
            refused.errors.contains(
                "the dedup secret \(path) is not the one that the ledger beside it was made with; "
                    + "put the right file back from a backup"))
        unlink(path)
        let missing = try run("hub", "--data", directory.file("hub"), "--listen", "127.0.0.1:0")
        #expect(missing.end == .exited(1) && missing.errors.contains("the dedup secret \(path) is missing"))
        try ProcFile.write(right, to: path)
    }

    /// The copy was made in the middle of the change, and holds both secrets.
    private func expectBackupGoesOn(_ stream: UInt64) throws {
        let restored = try run("restore", "--from", directory.file("backup"), "--data", directory.file("second"))
        #expect(restored.end == .exited(0), "\(restored.errors)")
        let hub = try Rookery.hub(directory, data: "second")
        try expectKnown(1...1_000, stream: stream, on: hub)
        try HubView(port: hub.port).wait(for: "the end of the change") { $0.value("rekey_total") == 0 }
        try expectKnown(1_001...2_000, stream: stream + 1, on: hub)
        #expect(try hub.process.terminate() == .exited(0))
    }

    @Test func `old history is compacted behind intake, and asking for it says so`() throws {
        var hub = try Rookery.hub(directory, flags: ["--retention", "1s"])
        for stream in UInt64(1)...40 {
            _ = try send(1...50, stream: stream, from: "node-\(stream)", to: hub)
        }
        var status = try HubView(port: hub.port).wait(for: "compaction") {
            $0.value("compacted_to_version") == $0.stateVersion
        }
        #expect(status.value("compacted_sightings") == 39 * 50 && status.value("compacted_commits") > 30)
        #expect(status.conserves && status.alerts.isEmpty, "\(status.summary)")
        let text = try run("status", "--hub", hub.address)
        #expect(text.output.contains("compacted  up to state version \(status.stateVersion)"))
        hub.process.killNow()

        hub = try Rookery.hub(directory, flags: ["--retention", "1s"])
        let peer = try WirePeer(port: hub.port, as: .operator)
        let version = status.stateVersion
        guard case .error(let expired) = try peer.ask(.getArtifact(Proto.GetArtifact(which: .id(1), atVersion: 2)))
        else { return #expect(Bool(false), "a compacted version was shown") }
        #expect(expired.code == .snapshotExpired && expired.field == "at_version")
        #expect(
            expired.message
                == "what held at state version 2 is compacted; the oldest that can be asked for is \(version)")
        guard
            case .getArtifactReply(let now) = try peer.ask(
                .getArtifact(Proto.GetArtifact(which: .id(50), withContent: true, atVersion: version)))
        else { return #expect(Bool(false), "what holds was not shown") }
        #expect(now.artifact?.rawSource == Batches.source(50, 1) && now.content == Array("item 50 of 1".utf8)[...])
        #expect(try send(1...50, stream: 41, from: "late", to: hub).allSatisfy { $0.code == .duplicate })
        status = try HubView(port: hub.port).status()
        #expect(status.value("artifacts_stored") == 50 && status.value("artifacts_duplicate") == 40 * 50)
    }

    @Test func `the dedup scope of a data directory is fixed at its first start`() throws {
        let hub = try Rookery.hub(directory, flags: ["--dedup-scope", "node"])
        #expect(try send(1...3, stream: 1, from: "n1", to: hub).map(\.code) == [.stored, .stored, .stored])
        let others = try send(1...3, stream: 2, from: "n2", to: hub)
        #expect(others.allSatisfy { $0.code == .stored && $0.duplicate == .sameContent })
        #expect(try HubView(port: hub.port).counter("contents") == 3)
        #expect(try hub.process.terminate() == .exited(0))
        let refused = try run(
            "hub", "--data", directory.file("hub"), "--listen", "127.0.0.1:0", "--dedup-scope", "cluster")
        #expect(refused.end == .exited(1))
        #expect(refused.errors.contains("the dedup scope is cluster but this cluster was made with node"))
        let again = try Rookery.hub(directory)
        #expect(try send(1...3, stream: 3, from: "n2", to: again).map(\.artifact) == [4, 5, 6])
    }

    @Test func `a hub that is told to kill itself in a commit refuses without the word for it`() throws {
        let words = ["hub", "--data", directory.file("hub"), "--listen", "127.0.0.1:0"]
        let process = try ChildProcess(words, in: directory, through: ["env", "ROOKERY_KILL_AT=written:1"])
        #expect(try process.wait() == .exited(2))
        #expect(process.errorText.contains("ROOKERY_KILL_AT is written:1"))
    }
}
