import Model
import TestKit
import Testing
import Wire

/// What a sender of one stream knows: what it may send next, and what each ack said. Its hub may die at any moment.
struct Sender {
    let stream: UInt64 = 11
    /// What was said to each acked sequence.
    private(set) var acked: [UInt64: Proto.Verdict] = [:]
    private(set) var lastAcked: UInt64 = 0
    private(set) var replays = 0

    /// Every tenth item says again what the one five before it said.
    static func told(by sequence: UInt64) -> UInt64 { sequence.isMultiple(of: 10) ? sequence - 5 : sequence }

    func batch(_ sequences: ClosedRange<UInt64>) -> Proto.IngestBatch {
        let items = sequences.map { sequence in
            let told = Sender.told(by: sequence)
            return Batches.numbered(told...told, stream: stream).items[0]
        }
        return Proto.IngestBatch(stream: stream, firstSequence: sequences.lowerBound, items: items)
    }

    mutating func take(_ ack: Proto.IngestAck) {
        #expect(ack.refusal == .accepted && ack.durability == .fsync, "\(ack)")
        for (place, verdict) in ack.verdicts.enumerated() {
            let sequence = ack.firstSequence + UInt64(place)
            #expect(verdict.code == (sequence.isMultiple(of: 10) ? .duplicate : .stored), "\(sequence)")
            // A replay is answered as it was the first time, in every word.
            if let before = acked.updateValue(verdict, forKey: sequence) {
                #expect(before == verdict, "\(sequence)")
            }
        }
        replays += Int(ack.replayed)
        lastAcked = max(lastAcked, ack.lastApplied)
    }

    /// Where to go on from: with some that are acked, as a client that lost its memory would.
    private func start(_ random: inout SeededRandom) -> UInt64 {
        max(1, lastAcked + 1 - min(lastAcked, random.below(20)))
    }

    private func connect(_ hub: Running) throws -> WirePeer {
        let status = try HubView(port: hub.port).status()
        #expect(status.value("artifacts_received") >= lastAcked && status.conserves, "\(status.summary)")
        return try WirePeer(port: hub.port, as: .node, name: "sender")
    }

    /// Sends batches, several at a time, until a random moment.
    mutating func send(to hub: Running, _ random: inout SeededRandom) throws {
        let node = try connect(hub)
        var next = start(&random)
        var waiting = 0
        for _ in 0..<random.below(12) {
            sendSome(node, &next, &waiting, &random)
            guard let ack = try Sender.ack(from: node) else {
                throw WirePeer.Unexpected(description: "the hub did not ack")
            }
            waiting -= 1
            take(ack)
        }
        // What happens to the rest is up to the moment.
        node.send(Proto.Envelope(id: next, body: .ingestBatch(batch(next...(next + 30)))))
        _ = try node.waitForInput(milliseconds: Int32(random.below(4)))
    }

    /// Sends until the hub has ended itself, and takes every ack that still came.
    mutating func send(toTheEndOf hub: Running, _ random: inout SeededRandom) throws {
        let node = try connect(hub)
        var next = start(&random)
        var waiting = 0
        // The hub dies within a few commits, and each ack follows one.
        for _ in 0..<1_000 {
            sendSome(node, &next, &waiting, &random)
            do {
                guard let ack = try Sender.ack(from: node) else { return }
                waiting -= 1
                take(ack)
            } catch is BlockingSocket.Failure {
                // The kernel resets a connection whose process died with bytes unread.
                return
            }
        }
        throw WirePeer.Unexpected(description: "the hub did not end itself: \(hub.process.errorText)")
    }

    /// Sends until everything that may have been stored is acked.
    mutating func finish(_ hub: Running) throws {
        let node = try connect(hub)
        let total = lastAcked + 1_000 - lastAcked % 10
        while lastAcked < total {
            let first = lastAcked + 1
            node.send(Proto.Envelope(id: first, body: .ingestBatch(batch(first...min(total, first + 99)))))
            guard let ack = try Sender.ack(from: node) else {
                throw WirePeer.Unexpected(description: "the hub did not ack")
            }
            take(ack)
        }
    }

    /// One to three batches, within what may be under way at a time.
    private func sendSome(
        _ node: WirePeer, _ next: inout UInt64, _ waiting: inout Int, _ random: inout SeededRandom
    ) {
        for _ in 0..<min(1 + Int(random.below(3)), Limits.maxInFlight - 1 - waiting) {
            waiting += 1
            let last = next + random.below(40)
            node.send(Proto.Envelope(id: next, body: .ingestBatch(batch(next...last))))
            next = last + 1
        }
    }

    private static func ack(from node: WirePeer) throws -> Proto.IngestAck? {
        guard let envelope = try node.next() else { return nil }
        guard case .ingestAck(let ack)? = envelope.body else {
            throw WirePeer.Unexpected(description: "\(envelope)")
        }
        return ack
    }
}
