import Model
import TestKit
import Wire

@testable import Orchestrator

/// What can happen.
extension World {
    /// Everybody is there and has something to do.
    func begin() throws {
        for node in nodes.indices { try register(node) }
        for _ in 0..<12 { try submit() }
    }

    func step() throws {
        let node = pick(nodes.count)
        var drawn = pick(weights.reduce(0, +))
        let event = weights.firstIndex { weight in
            drawn -= weight
            return drawn < 0
        }
        switch event {
        case 0: spool(node)
        case 1: try finish(node)
        case 2: apply(node)
        case 3: try readReceipts()
        case 4: try wait()
        case 5: try register(node)
        case 6: try submit()
        case 7: try disconnect(node)
        case 8: try replay()
        case 9: try chance(4) ? crash() : turn([.tick])
        case 10: try send(.heartbeat(Proto.Heartbeat(spoolNearlyFull: chance(5))), from: node)
        case 11: try lie(node)
        default: try seldom(node)
        }
    }

    func submit() throws {
        let kind = World.capabilities[pick(3)]
        let number = pick(12)
        var spec = Proto.TargetSpec(
            type: kind, location: kind == "file" ? "/\(number)" : "https://h\(number % 4).example/\(number)")
        if kind == "file" { spec.metadata = ["node": "n\(number % 3)"] }
        spec.schedule = number == 0 ? .once : .interval
        spec.intervalS = UInt32(30 + pick(90))
        spec.minRetryIntervalS = UInt32(1 + pick(3))
        if chance(2) { spec.priority = UInt32(1 + pick(10)) }
        let message = Proto.SubmitTargets(
            key: (id(UInt64(pick(6))).bytes)[...], chunk: UInt64(pick(40)), targets: [spec])
        try turn([.request(ConnectionID(0), name: "op", Proto.Envelope(id: 1, body: .submitTargets(message)))])
    }

    /// `claimed`: leases of others that it lists as if they were its own.
    func register(_ node: Int, claiming claimed: [LeaseRef] = []) throws {
        if faults && chance(8) {
            // The disk is lost: another instance, another stream, nothing held.
            nodes[node].instance &+= 1
            nodes[node].stream += 1
            nodes[node].work = []
            nodes[node].spool = []
            nodes[node].sequence = 0
            nodes[node].applied = 0
        }
        connections += 1
        nodes[node].connection = connections
        reported.formUnion(nodes[node].work.filter { $0.outcome != nil }.map(\.assignment.lease))
        var held = nodes[node].work.map { work in
            Proto.HeldLease(
                lease: work.assignment.lease, target: work.assignment.target, fence: work.assignment.fence,
                phase: work.outcome == nil ? .collecting : .delivering, stream: nodes[node].stream,
                lastSequence: work.last, outcome: work.outcome ?? .unspecified)
        }
        for ref in claimed {
            held.append(
                Proto.HeldLease(
                    lease: ref.lease, target: ref.target.bytes[...], fence: ref.fence.wire,
                    phase: chance(2) ? .collecting : .delivering, stream: nodes[node].stream, outcome: .collected))
        }
        let position = Proto.StreamPosition(
            stream: nodes[node].stream, firstUnacked: nodes[node].applied + 1, next: nodes[node].sequence + 1)
        let message = Proto.RegisterNode(
            instance: Array(repeating: nodes[node].instance, count: 16)[...], capabilities: World.capabilities,
            capacity: UInt32(1 + pick(4)), leases: held, streams: [position], draining: faults && chance(10))
        try send(.registerNode(message), from: node)
    }

    func disconnect(_ node: Int) throws {
        guard let connection = nodes[node].connection else { return }
        nodes[node].connection = nil
        try turn([.disconnected(ConnectionID(connection))])
    }

    /// A collector yields something.
    func spool(_ node: Int) {
        let open = nodes[node].work.indices.filter { place in
            nodes[node].work[place].outcome == nil && !(faults && nodes[node].work[place].assignment.isDoomed)
        }
        guard !open.isEmpty else { return }
        let place = open[pick(open.count)]
        nodes[node].sequence += 1
        nodes[node].work[place].last = nodes[node].sequence
        nodes[node].spool.append((nodes[node].work[place].assignment.ref, nodes[node].sequence))
    }

    /// A collector ends; the message may be lost.
    func finish(_ node: Int) throws {
        guard !nodes[node].work.isEmpty else { return }
        // What never answers fails at once, and so often enough to be given up.
        let quick = nodes[node].work.firstIndex { faults && $0.assignment.isDoomed && $0.outcome == nil }
        let place = quick ?? pick(nodes[node].work.count)
        let kinds: [Proto.OutcomeKind] = [.collected, .failedTarget, .failedTarget, .failedNode, .failedContent]
        let doomed = nodes[node].work[place].assignment.isDoomed
        let drawn: Proto.OutcomeKind = faults ? doomed ? .failedTarget : kinds[pick(kinds.count)] : .collected
        let kind = nodes[node].work[place].outcome ?? drawn
        nodes[node].work[place].outcome = kind
        if faults && chance(5) { return }
        let work = nodes[node].work[place]
        reported.insert(work.assignment.lease)
        try send(.leaseOutcomes(Proto.LeaseOutcomes(outcomes: [outcome(work, kind, node)])), from: node)
        if nodes[node].connection != nil, work.last <= nodes[node].applied {
            nodes[node].work.removeAll { $0.assignment.lease == work.assignment.lease }
        }
    }

    private func outcome(_ work: Work, _ kind: Proto.OutcomeKind, _ node: Int) -> Proto.LeaseOutcome {
        Proto.LeaseOutcome(
            lease: work.assignment.lease, target: work.assignment.target, fence: work.assignment.fence, kind: kind,
            stream: nodes[node].stream, lastSequence: work.last,
            address: work.assignment.budget.map { _ in "192.0.2.\(work.assignment.lease % 3)" } ?? "")
    }

    /// The ledger applies some of a node's spool, in order, as one commit.
    func apply(_ node: Int) {
        let count = min(nodes[node].spool.count, 1 + pick(4))
        guard count > 0 else { return }
        var receipts: [Receipt] = []
        for (ref, sequence) in nodes[node].spool.prefix(count) {
            var receipt = Receipt(
                lease: ref, node: nodes[node].name, stream: nodes[node].stream, lastSequence: sequence)
            switch faults ? pick(4) : 0 {
            case 0: receipt.stored = 1
            case 1: receipt.duplicates = 1
            case 2: receipt.unchanged = 1
            default: receipt.refused = 1
            }
            if chance(3) { receipt.bookmark = [UInt8(truncatingIfNeeded: sequence)] }
            receipts.append(receipt)
            nodes[node].applied = sequence
        }
        nodes[node].spool.removeFirst(count)
        pages.append(ReceiptPage(position: (pages.last?.position ?? 0) + 1 + UInt64(pick(3)), receipts: receipts))
        let stored = receipts.reduce(storedUpTo.last?.stored ?? 0) { $0 + UInt64($1.stored) }
        storedUpTo.append((pages[pages.count - 1].position, stored))
    }

    /// The next page, or one that was read before.
    func readReceipts() throws {
        if faults, chance(4), let old = pages.first(where: { $0.position <= rig.core.receiptPosition }) {
            return try turn([.receipts(old)])
        }
        guard let next = pages.first(where: { $0.position > rig.core.receiptPosition }) else { return }
        try turn([.receipts(next)])
    }

    /// A report that was under way for long, from whoever.
    func replay() throws {
        guard !pushed.isEmpty else { return }
        let node = pick(nodes.count)
        let work = Work(assignment: pushed[pick(pushed.count)])
        guard !nodes[node].work.contains(where: { $0.assignment.lease == work.assignment.lease }) else { return }
        // Only old ones; of those that run, `lie` speaks.
        guard rig.core.leases[work.assignment.lease] == nil else { return }
        try send(.leaseOutcomes(Proto.LeaseOutcomes(outcomes: [outcome(work, .failedTarget, node)])), from: node)
    }

    /// The process dies; what was to be sent is lost with it.
    func crash() throws {
        if chance(2) {
            rig.time.advance(by: .seconds(UInt64(pick(60))))
            lastFence = try rig.turn(.tick).assignments.last?.ref.fence ?? lastFence
        }
        if chance(3) && jumps { rig.time.jumpWall(byMilliseconds: Int64(pick(7_200_000)) - 3_600_000) }
        life += UInt64(pick(2))
        rig.configuration.incarnation = life
        try rig.restart()
        for node in nodes.indices { nodes[node].connection = nil }
        try turn([.tick])
    }

    func wait() throws {
        rig.time.advance(by: .seconds(UInt64(chance(8) ? pick(1_500) : pick(25))))
        let signs = nodes.compactMap(\.connection).filter { _ in !faults || !chance(10) }
        try turn(signs.map { .signOfLife(ConnectionID($0)) } + [.tick])
    }

    private func seldom(_ node: Int) throws {
        if chance(2) {
            try send(.goodbye(Proto.Goodbye()), from: node)
            nodes[node].connection = nil
        } else if !rig.core.targets.isEmpty {
            let operations: [TargetOperation] = [.pause, .resume, .resume, .cancel, .revive, .revive]
            let target = rig.core.targets[pick(rig.core.targets.count)].target.id
            try turn([.operate(operations[pick(operations.count)], target)])
        }
    }
}

extension Proto.Assignment {
    /// Of a host that never answers.
    fileprivate var isDoomed: Bool { location.hasPrefix("https://h3.") }
}
