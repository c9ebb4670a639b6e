/// Which targets go before which: by effective priority, then by the time they fell due.
struct DueKey: Comparable, Hashable, Sendable {
    /// 0 is the most urgent.
    var rank: UInt8
    var due: Int64
    var target: TargetNumber

    static func < (a: DueKey, b: DueKey) -> Bool { (a.rank, a.due, a.target) < (b.rank, b.due, b.target) }
}

/// Which nodes go before which: by load, then by the longest time since one was given something.
struct LoadKey: Comparable, Hashable, Sendable {
    var load: UInt64
    var turn: UInt64

    static func < (a: LoadKey, b: LoadKey) -> Bool { (a.load, a.turn) < (b.load, b.turn) }
}

/// What a target asks of a node: a capability, and for targets that belong to a host its name or one of its labels.
struct Requirement: Hashable, Sendable {
    var capability: String
    var pin = ""
}

/// The due targets of one class and host.
struct HostQueue: Sendable {
    let host: Int
    var targets = IndexedHeap<DueKey>()
}

/// Everything that waits for the same kind of node, and the nodes of that kind.
struct WorkClass: Sendable {
    let requirement: Requirement
    /// One for each host; a number is a queue's place here.
    private(set) var queues: [HostQueue] = []
    private var queueOfHost: [Int: Int] = [:]
    /// The queues whose host may be collected from now, by their first targets.
    private(set) var ready = Ranking<DueKey>()
    /// Nodes of this kind that are not offline.
    private(set) var memberCount = 0
    private var slots: [NodeNumber: Int] = [:]
    private var nodes: [NodeNumber] = []
    private var idle = Ranking<LoadKey>()

    init(_ requirement: Requirement) { self.requirement = requirement }

    /// The first of what could be given out now.
    var best: DueKey? { idle.isEmpty ? nil : ready.first?.key }
    var bestQueue: Int? { ready.first?.id }

    mutating func queue(of host: Int) -> (number: Int, isNew: Bool) {
        if let known = queueOfHost[host] { return (known, false) }
        queues.append(HostQueue(host: host))
        queueOfHost[host] = queues.count - 1
        return (queues.count - 1, true)
    }

    mutating func set(_ key: DueKey, in queue: Int, _ places: inout Places) {
        queues[queue].targets.set(key.target, key, &places)
    }

    /// False: it was not there.
    mutating func remove(_ target: TargetNumber, from queue: Int, _ places: inout Places) -> Bool {
        queues[queue].targets.remove(target, &places)
    }

    /// All that waits in one queue waits in the other instead.
    mutating func move(from old: Int, to new: Int, _ places: inout Places) {
        while let last = queues[old].targets.entries.last {
            queues[old].targets.remove(last.id, &places)
            queues[new].targets.set(last.id, last.key, &places)
        }
    }

    mutating func refresh(_ queue: Int, hostIsOpen: Bool) {
        if hostIsOpen, let first = queues[queue].targets.first {
            ready.set(queue, first.key)
        } else {
            ready.remove(queue)
        }
    }

    // MARK: Nodes

    mutating func join(_ node: NodeNumber) -> Int {
        memberCount += 1
        if let slot = slots[node] { return slot }
        nodes.append(node)
        slots[node] = nodes.count - 1
        return nodes.count - 1
    }

    mutating func leave(_ slot: Int) {
        memberCount -= 1
        idle.remove(slot)
    }

    /// Nil: it takes nothing now.
    mutating func setLoad(_ load: LoadKey?, of slot: Int) {
        if let load { idle.set(slot, load) } else { idle.remove(slot) }
    }

    /// Of the three best nodes the first that is neither `avoid` nor `spread`; else the first that is not `avoid`,
    /// where there is one.
    func node(avoiding avoid: NodeNumber?, spread: NodeNumber? = nil) -> NodeNumber? {
        guard let first = idle.first else { return nil }
        if nodes[first.id] != avoid, nodes[first.id] != spread { return nodes[first.id] }
        let best = idle.heap.entries.prefix(7).sorted { $0.key < $1.key }.prefix(3).map { nodes[$0.id] }
        return best.first { $0 != avoid && $0 != spread } ?? best.first { $0 != avoid } ?? best.first
    }
}
