import Coordinator
import Model
import Node
import Orchestrator
import Storage
import Wire

/// What really happened, noted outside the product at the moment it did: what nodes put on disk, which acks reached
/// them, who was given which fence. It judges what can be judged at once; `Audit` judges the rest.
final class Oracle {
    unowned let simulation: Simulation
    /// Pages that some collector has yielded.
    var yielded: Set<PageKey> = []
    /// On a node's disk and not acked: to be in the ledger in the end, unless the ledger refuses it.
    var spooled: [[PageKey: Int]]
    /// What a node was told is stored for good, and under which id.
    var acked: [PageKey: UInt64] = [:]
    private var ackedBy: [PageKey: Int] = [:]
    var refused: Set<PageKey> = []
    /// The leases that each node collects under, and how many items of each it has taken.
    private var running: [Set<UInt64>]
    private var accepted: [[UInt64: Int]]
    private var streams: [UInt64?]
    /// By stream, the last sequence that its node was told is in the ledger.
    private var told: [UInt64: UInt64] = [:]
    private var holders: [Fence: Int] = [:]
    private var lastFence: [TargetID: Fence] = [:]
    private(set) var highestFence = Fence(incarnation: 0, counter: 0)
    var leases: LeaseWatch
    var receipts = ReceiptSums()

    init(_ simulation: Simulation, nodes: Int) {
        self.simulation = simulation
        spooled = Array(repeating: [:], count: nodes)
        streams = Array(repeating: nil, count: nodes)
        running = Array(repeating: [], count: nodes)
        accepted = Array(repeating: [:], count: nodes)
        leases = LeaseWatch()
    }

    // MARK: Nodes

    /// A node's turn is on its disk.
    func spooled(_ inputs: [NodeInput], _ effects: [NodeEffect], by node: NodeProcess) {
        if let spool = node.spool, spool.firstUnacked > told[spool.stream, default: 0] + 1 {
            simulation.fail(
                .spooledIsDelivered,
                "\(node.name) deleted items below \(spool.firstUnacked), but was told of "
                    + "\(told[spool.stream, default: 0])")
        }
        var ended: [UInt64: Int] = [:]
        var stopped: Set<UInt64> = []
        for effect in effects {
            if case .ended(let outcome) = effect { ended[outcome.lease.lease] = Int(outcome.items) }
            if case .stopCollecting(let lease, _) = effect { stopped.insert(lease) }
        }
        if let spool = node.spool {
            if let stream = streams[node.number], stream != spool.stream { simulation.count(.streamForked) }
            streams[node.number] = spool.stream
        }
        let running = running[node.number]
        for case .yielded(let lease, let items) in inputs where running.contains(lease) {
            // What came after the lease had ended was not taken; how much that was, its outcome says.
            if stopped.contains(lease), ended[lease] == nil { continue }
            let before = accepted[node.number][lease, default: 0]
            let taken = ended[lease].map { max(0, min(items.count, $0 - before)) } ?? items.count
            accepted[node.number][lease] = before + taken
            for item in items.prefix(taken) {
                if case .artifact(let artifact, _) = item, let key = simulation.site.claim(artifact) {
                    spooled[node.number][key, default: 0] += 1
                }
            }
        }
        follow(effects, of: node)
    }

    private func follow(_ effects: [NodeEffect], of node: NodeProcess) {
        for effect in effects {
            switch effect {
            case .startCollecting(let assignment): running[node.number].insert(assignment.lease)
            case .stopCollecting(let lease, _): running[node.number].remove(lease)
            case .ended(let outcome): running[node.number].remove(outcome.lease.lease)
            default: break
            }
        }
    }

    func died(_ node: NodeProcess) {
        running[node.number] = []
        accepted[node.number] = [:]
    }

    func lostSpool(of node: NodeProcess) {
        spooled[node.number] = [:]
        streams[node.number] = nil
    }

    /// An answer has reached its node.
    func acked(_ batch: Proto.IngestBatch, _ ack: Proto.IngestAck, by node: NodeProcess) {
        count(ack)
        simulation.note("ack", ack.lastApplied, UInt64(node.number)) {
            "\(node.name) \(ack.refusal) to \(ack.lastApplied)"
        }
        guard ack.refusal == .accepted, ack.durability == .fsync else { return }
        told[ack.stream] = max(told[ack.stream, default: 0], ack.lastApplied)
        for (item, verdict) in zip(batch.items, ack.verdicts) {
            switch verdict.code {
            case .unchanged: simulation.count(.unchangedConfirmed)
            case .refused: simulation.count(.artifactRefused)
            default: break
            }
            guard case .artifact(let artifact)? = item.kind, let key = simulation.site.claim(artifact) else { continue }
            switch verdict.code {
            case .stored, .duplicate: keep(key, verdict, by: node)
            case .refused: refused.insert(key)
            default: simulation.fail(.ackedIsKept, "an artifact was answered \(verdict.code)")
            }
        }
    }

    private func keep(_ key: PageKey, _ verdict: Proto.Verdict, by node: NodeProcess) {
        if let id = acked[key], id != verdict.artifact {
            simulation.fail(.storedOnce, "\(key) was acked as artifact \(id), then as \(verdict.artifact)")
        }
        if let other = ackedBy[key], other != node.number, verdict.code == .duplicate {
            simulation.count(.duplicateAcrossNodes)
        }
        acked[key] = verdict.artifact
        ackedBy[key] = node.number
    }

    private func count(_ ack: Proto.IngestAck) {
        if ack.replayed > 0 { simulation.count(.replayAnswered) }
        switch ack.refusal {
        case .gap: simulation.count(.gapAnswered)
        default: break
        }
    }

    // MARK: Leases

    /// The hub sends an assignment.
    func issued(_ assignment: Proto.Assignment) {
        guard let target = TargetID(assignment.target), let wire = assignment.fence else {
            return simulation.fail(.fencesGrow, "an assignment without target or fence")
        }
        let fence = Fence(wire)
        if let last = lastFence[target], fence <= last {
            simulation.fail(.fencesGrow, "lease \(assignment.lease) has fence \(fence) after \(last)")
        }
        lastFence[target] = fence
        highestFence = max(highestFence, fence)
    }

    /// An assignment has reached a node.
    func assigned(_ assignment: Proto.Assignment, to node: NodeProcess) {
        guard let wire = assignment.fence else { return }
        let fence = Fence(wire)
        if let holder = holders[fence], holder != node.number {
            simulation.fail(.oneHolderPerFence, "node-\(holder) and \(node.name) were both given fence \(fence)")
        }
        holders[fence] = node.number
    }

    func heard(_ registered: Proto.Registered) {
        for lease in registered.leases { simulation.count(lease.keep ? .leaseKept : .leaseDropped) }
        for position in registered.streams where position.firstUnacked > 0 {
            told[position.stream] = max(told[position.stream, default: 0], position.firstUnacked - 1)
        }
    }

    // MARK: The ledger

    /// Intake has refused some items: the batch may be applied, and its answer lost.
    func judged(_ batch: Proto.IngestBatch, _ prepared: PreparedBatch) {
        for (item, judged) in zip(batch.items, prepared.items) {
            switch judged.kind {
            case .refused, .ahead: break
            case .artifact, .unchanged, .bookmark: continue
            }
            guard case .artifact(let artifact)? = item.kind, let key = simulation.site.claim(artifact) else { continue }
            refused.insert(key)
        }
    }

    func committed(_ outcome: GroupOutcome, head: LedgerHead) {
        if !head.isConserved { simulation.fail(.conserved, "artifacts received do not add up at \(head.stateVersion)") }
        if let page = outcome.page { receipts.add(page) }
        receipts.seen(version: head.stateVersion)
    }

    func markedLate(_ leases: [LeaseRef], head: LedgerHead) {
        simulation.count(.lateMarked, UInt64(leases.count))
        receipts.seen(version: head.stateVersion)
    }

    /// The ledger was opened, after whatever happened to it: nothing that was once seen may be gone.
    func opened(_ ledger: Ledger) throws(LedgerError) {
        let version = ledger.head.stateVersion
        if version < receipts.version {
            simulation.fail(.ackedIsKept, "the log ended at \(receipts.version) and now ends at \(version)")
        }
        while true {
            let page = try ledger.receipts(after: receipts.position, limit: 1)
            if page.receipts.isEmpty { break }
            receipts.add(page)
        }
        receipts.seen(version: version)
    }

    func judge(_ error: LedgerError) {
        switch error {
        case .damaged(let what): simulation.fail(.filesAreSound, "the ledger: \(what)")
        case .storage(let error): judge(error, file: "the hub's files")
        default: break
        }
    }

    func judge(_ error: StorageError, of node: NodeProcess) { judge(error, file: node.name) }

    private func judge(_ error: StorageError, file: String) {
        switch error.code {
        case .corrupt, .notADatabase, .constraint, .misuse:
            simulation.fail(.filesAreSound, "\(file): \(error.sentence)")
        default: break
        }
    }
}

extension Site {
    /// The page an artifact says it is; whether it really is, `recognise` tells.
    func claim(_ artifact: Proto.Artifact) -> PageKey? { claim(source: artifact.rawSource, content: artifact.content) }
}
