import Glibc
import Model
import TestKit
import Testing
import Wire

/// Nothing acknowledged is ever lost, nothing is counted twice: the hub is killed at random moments while a client
/// sends, and asks again whatever was not answered.
@Suite(.processes) struct KillTests {
    private let directory = TemporaryDirectory()

    /// `ROOKERY_KILLS=5000 ./scripts/test --filter KillTests` looks harder.
    private static let kills = getenv("ROOKERY_KILLS").flatMap { Int(String(cString: $0)) } ?? 200

    /// How a hub of the test ends. Three of four end themselves between the write of a commit and its ack.
    private enum Death: CaseIterable {
        case anywhere
        case written
        case synced
        case writtenSoon

        func wrapper(_ random: inout SeededRandom) -> [String] {
            switch self {
            case .anywhere: []
            case .written: ["env", "ROOKERY_KILL_AT=written:\(1 + random.below(8))"]
            case .synced: ["env", "ROOKERY_KILL_AT=synced:\(1 + random.below(8))"]
            case .writtenSoon: ["env", "ROOKERY_KILL_AT=written:1"]
            }
        }
    }

    @Test func `a hub killed at random moments loses no acked artifact and counts none twice`() throws {
        var random = SeededRandom(seed: 20_260_101)
        var sender = Sender()
        var kept = KeptArtifacts()
        let files = StoppedFiles(directory.file("hub"))
        var deaths: [Death: Int] = [:]
        for number in 0..<KillTests.kills {
            let death = Death.allCases[number % Death.allCases.count]
            let hub = try Rookery.hub(directory, flags: ["--allow-chaos"], through: death.wrapper(&random))
            try kept.expectOnce(sender, HubView(port: hub.port))
            switch death {
            case .anywhere:
                try sender.send(to: hub, &random)
                hub.process.killNow()
            case .written, .synced, .writtenSoon:
                try sender.send(toTheEndOf: hub, &random)
                #expect(hub.process.reap() == .killed(SIGKILL))
            }
            deaths[death, default: 0] += 1
            try files.expectWholeLedger()
            if number.isMultiple(of: 20) { try files.expectSound("orchestrator.db") }
        }
        let inWindow = deaths[.written, default: 0] + deaths[.writtenSoon, default: 0]
        print(
            "\(KillTests.kills) kills during intake: \(inWindow) between the write of a commit and its sync, "
                + "\(deaths[.synced, default: 0]) between the sync and the ack; \(sender.lastAcked) items acked, "
                + "\(sender.replays) asked again")
        let hub = try Rookery.hub(directory)
        try sender.finish(hub)
        try kept.expectOnce(sender, HubView(port: hub.port))
        try kept.expectAll(sender, HubView(port: hub.port))
        let end = try hub.process.terminate()
        #expect(end == .exited(0), "\(hub.process.errorText)")
        try files.expectWholeLedger()
    }

    @Test func `a submission asked again after a kill changes nothing`() throws {
        let key = [UInt8](repeating: 9, count: 16)
        let targets = (1...500).map { Proto.TargetSpec(type: "web", location: "https://example.org/\($0)") }
        let first = try Rookery.hub(directory)
        let verdicts = try HubView(port: first.port).submit(targets, key: key)
        #expect(verdicts.allSatisfy { $0.result == .created })
        first.process.killNow()
        let second = try Rookery.hub(directory)
        let view = try HubView(port: second.port)
        #expect(try view.submit(targets, key: key) == verdicts)
        let other = try view.submit(targets, key: [UInt8](repeating: 8, count: 16))
        #expect(other.allSatisfy { $0.result == .updated } && other.map(\.target) == verdicts.map(\.target))
        let status = try view.status()
        #expect(status.value("targets_submitted") == 500 && status.conserves, "\(status.summary)")
    }

    @Test func `a hub killed while it starts for the first time can start again`() throws {
        var random = SeededRandom(seed: 5)
        for attempt in 0..<8 {
            let data = "hub-\(attempt)"
            let words = ["hub", "--data", directory.file(data), "--listen", "127.0.0.1:0", "--disk-low-water", "0"]
            let process = try ChildProcess(words, in: directory)
            _ = process.waitForOutput(milliseconds: 5 + Int32(random.below(60)))
            process.killNow()
            let hub = try Rookery.hub(directory, data: data)
            #expect(try HubView(port: hub.port).status().intake == "open")
        }
    }

    @Test func `half a secret, written when a hub was killed, is nobody's secret`() throws {
        #expect(mkdir(directory.file("hub"), 0o700) == 0)
        let draft = try #require(fopen(directory.file("hub/dedup.secret.new"), "wb"))
        fputs("half", draft)
        fclose(draft)
        try Rookery.hub(directory).process.terminate()
        #expect(ProcFile.entries(directory.file("hub")).contains("dedup.secret"))
        #expect(!ProcFile.entries(directory.file("hub")).contains("dedup.secret.new"))
    }
}

/// What a hub has been seen to keep, by source. Ids are given in order, so that what is new since the last look is all
/// that has to be listed.
private struct KeptArtifacts {
    private var ids: [String: UInt64] = [:]
    private var newest: UInt64 = 0
    /// The first sequence whose ack has not been compared yet: what is kept never changes its id.
    private var checked: UInt64 = 1

    /// Every acked artifact is there, under the id that the ack named, and nothing is there twice.
    mutating func expectOnce(_ sender: Sender, _ view: HubView) throws {
        let fresh = try view.artifacts(above: newest)
        for artifact in fresh { #expect(ids.updateValue(artifact.id, forKey: artifact.rawSource) == nil) }
        newest = fresh.first?.id ?? newest
        let status = try view.status()
        #expect(status.value("artifacts_stored") == UInt64(ids.count), "\(status.summary)")
        #expect(status.conserves && status.alerts.isEmpty, "\(status.summary)")
        // Of some it is known only that they are applied: the ack that said more was lost.
        let missing = (checked..<(sender.lastAcked + 1)).filter { sequence in
            guard let verdict = sender.acked[sequence] else { return false }
            return ids[source(sequence, sender)] != verdict.artifact
        }
        #expect(missing.isEmpty)
        checked = max(1, sender.lastAcked)
    }

    private func source(_ sequence: UInt64, _ sender: Sender) -> String {
        Batches.source(Sender.told(by: sequence), sender.stream)
    }

    /// All that was sent is acked by now: there is nothing else, and the whole of it is sound.
    mutating func expectAll(_ sender: Sender, _ view: HubView) throws {
        self = KeptArtifacts()
        try expectOnce(sender, view)
        let status = try view.wait(for: "the full check") { $0.verified }
        let total = sender.lastAcked
        #expect(status.value("artifacts_received") == total, "\(status.summary)")
        #expect(status.value("artifacts_duplicate") == total / 10, "\(status.summary)")
        let expected = (1...total).filter { !$0.isMultiple(of: 10) }
        #expect(try view.artifacts().reversed().map(\.rawSource) == expected.map { Batches.source($0, sender.stream) })
    }
}
