import Glibc
import Model
import TestKit
import Testing
import Wire

/// Nothing acknowledged is ever lost, nothing is counted twice: the hub is killed at random moments while a client
/// sends, and asks again whatever was not answered.
@Suite(.processes) struct KillTests {
    private let directory = TemporaryDirectory()

    /// `ROOKERY_KILLS=500 ./scripts/test --filter KillTests` looks harder.
    private static let kills = getenv("ROOKERY_KILLS").flatMap { Int(String(cString: $0)) } ?? 15

    /// What a sender of one stream knows: what it may send next, and what each ack said.
    private struct Ledger {
        let stream: UInt64 = 11
        /// The artifact of each acked sequence.
        var acked: [UInt64: UInt64] = [:]
        var lastAcked: UInt64 = 0

        /// Every tenth item says again what the one five before it said.
        func item(_ sequence: UInt64) -> Proto.Item {
            let told = sequence.isMultiple(of: 10) ? sequence - 5 : sequence
            return Batches.numbered(told...told, stream: stream).items[0]
        }

        func batch(_ sequences: ClosedRange<UInt64>) -> Proto.IngestBatch {
            Proto.IngestBatch(stream: stream, firstSequence: sequences.lowerBound, items: sequences.map(item))
        }

        mutating func take(_ ack: Proto.IngestAck) {
            #expect(ack.refusal == .accepted && ack.durability == .fsync, "\(ack)")
            for (place, verdict) in ack.verdicts.enumerated() {
                let sequence = ack.firstSequence + UInt64(place)
                let isNew = place >= Int(ack.replayed)
                #expect(verdict.code == (isNew && sequence.isMultiple(of: 10) ? .duplicate : .stored), "\(sequence)")
                // A replay names what was named the first time.
                if let before = acked.updateValue(verdict.artifact, forKey: sequence) {
                    #expect(before == verdict.artifact, "\(sequence)")
                }
            }
            lastAcked = max(lastAcked, ack.lastApplied)
        }
    }

    @Test func `a hub killed at random moments loses no acked artifact and counts none twice`() throws {
        var random = SeededRandom(seed: 20_260_101)
        var ledger = Ledger()
        for _ in 0..<KillTests.kills {
            let hub = try Rookery.hub(directory)
            try send(&ledger, to: hub, &random)
            hub.process.killNow()
        }
        let hub = try Rookery.hub(directory)
        let total = ledger.lastAcked + 100
        let node = try WirePeer(port: hub.port, as: .node, name: "sender")
        while ledger.lastAcked < total {
            let first = ledger.lastAcked + 1
            let answer = try node.ask(.ingestBatch(ledger.batch(first...min(total, first + 99))))
            guard case .ingestAck(let ack) = answer else { throw WirePeer.Unexpected(description: "\(answer)") }
            ledger.take(ack)
        }
        try expectOnce(ledger, hub)
        #expect(try hub.process.terminate() == .exited(0))
    }

    /// Sends batches, several at a time, until a random moment. Begins with some that are acked, as a client that lost
    /// its memory would.
    private func send(_ ledger: inout Ledger, to hub: Running, _ random: inout SeededRandom) throws {
        let status = try HubView(port: hub.port).status()
        #expect(status.value("artifacts_received") >= ledger.lastAcked && status.conserves, "\(status.summary)")
        let node = try WirePeer(port: hub.port, as: .node, name: "sender")
        var next = max(1, ledger.lastAcked + 1 - min(ledger.lastAcked, random.below(20)))
        let acks = random.below(12)
        var received = 0
        while received < acks {
            for _ in 0..<(1 + random.below(5)) {
                let last = next + random.below(80)
                node.send(Proto.Envelope(id: next, body: .ingestBatch(ledger.batch(next...last))))
                next = last + 1
            }
            guard case .ingestAck(let ack)? = try node.next()?.body else {
                throw WirePeer.Unexpected(description: "the hub did not ack")
            }
            received += 1
            if ack.refusal == .noCredit { return }
            ledger.take(ack)
        }
        // What happens to the rest is up to the moment.
        node.send(Proto.Envelope(id: next, body: .ingestBatch(ledger.batch(next...(next + 30)))))
        _ = node.waitForInput(milliseconds: Int32(random.below(4)))
    }

    private func expectOnce(_ ledger: Ledger, _ hub: Running) throws {
        let view = try HubView(port: hub.port)
        let status = try view.wait(for: "the full check") { $0.verified }
        let total = ledger.lastAcked
        #expect(status.value("artifacts_received") == total, "\(status.summary)")
        #expect(status.value("artifacts_duplicate") == total / 10, "\(status.summary)")
        #expect(status.conserves && status.alerts.isEmpty, "\(status.summary)")
        let kept = try view.artifacts()
        let expected = (1...total).filter { !$0.isMultiple(of: 10) }
        #expect(kept.reversed().map(\.rawSource) == expected.map { Batches.source($0, ledger.stream) })
        let ids = Dictionary(kept.map { ($0.rawSource, $0.id) }) { first, _ in first }
        for (sequence, artifact) in ledger.acked {
            let told = sequence.isMultiple(of: 10) ? sequence - 5 : sequence
            #expect(ids[Batches.source(told, ledger.stream)] == artifact, "\(sequence)")
        }
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
