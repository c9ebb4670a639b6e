import Model

/// Where a target waits when it is due.
struct WorkPlace: Hashable, Sendable {
    let workClass: Int
    let host: Int
}

/// Decides which due target goes to which node next. Queues by kind of node and by host, the first of each queue in a
/// heap of its class, the first of each class in one heap over all: every step costs a logarithm.
struct Assigner: Sendable {
    struct Choice: Hashable, Sendable {
        let target: TargetNumber
        let node: NodeNumber
        let place: WorkPlace
    }

    private struct Membership: Sendable {
        let workClass: Int
        let slot: Int
    }

    /// The place of targets that no host is behind; it is always open.
    static let noHost = 0

    let politeness: Politeness
    private(set) var classes: [WorkClass] = []
    private(set) var classOf: [Requirement: Int] = [:]
    private(set) var hosts = [HostGate(name: "", number: noHost)]
    private(set) var hostOf: [String: Int] = [:]
    /// The first host that had it.
    private var keeperOf: [String: Int] = [:]
    /// Each due target is in one queue at most.
    private var targetPlaces = Places()
    /// Classes that have both a target to give and a node to take it.
    private var open = Ranking<DueKey>()
    /// Hosts with waiting targets, by the moment they open.
    private var hostTimers = Ranking<Instant>()
    private var memberships: [NodeNumber: [Membership]] = [:]
    private(set) var offers: [NodeNumber: Set<Requirement>] = [:]
    /// Of the nodes that take something now.
    private var loads: [NodeNumber: LoadKey] = [:]
    private var turn: UInt64 = 0

    init(politeness: Politeness) { self.politeness = politeness }

    // MARK: Places

    mutating func place(_ requirement: Requirement, host: String?) -> WorkPlace {
        WorkPlace(workClass: number(of: requirement), host: host.map { number(ofHost: $0) } ?? Assigner.noHost)
    }

    func host(of place: WorkPlace) -> String { hosts[place.host].name }
    /// The host whose gate it goes through.
    func keeper(of place: WorkPlace) -> HostGate { hosts[hosts[place.host].keeper] }
    func memberCount(of place: WorkPlace) -> Int { classes[place.workClass].memberCount }

    private mutating func number(of requirement: Requirement) -> Int {
        if let known = classOf[requirement] { return known }
        let number = classes.count
        classes.append(WorkClass(requirement))
        classOf[requirement] = number
        for node in offers.keys.sorted() where offers[node]?.contains(requirement) == true { enlist(node, in: number) }
        return number
    }

    private mutating func number(ofHost name: String) -> Int {
        if let known = hostOf[name] { return known }
        let number = hosts.count
        hosts.append(HostGate(name: name, number: number))
        hostOf[name] = number
        return number
    }

    // MARK: Targets

    /// The target is due; also when its place in the order has changed.
    mutating func enqueue(_ key: DueKey, at place: WorkPlace, now: Instant) {
        let keeper = hosts[place.host].keeper
        let queue = queue(place.workClass, of: keeper)
        if targetPlaces[key.target] < 0 { hosts[keeper].waiting += 1 }
        classes[place.workClass].set(key, in: queue, &targetPlaces)
        setTimer(of: keeper, now: now)
        refresh(place.workClass, queue, now: now)
    }

    /// The target waits no longer; nothing happens when it did not.
    mutating func dequeue(_ target: TargetNumber, at place: WorkPlace, now: Instant) {
        guard targetPlaces[target] >= 0 else { return }
        let keeper = hosts[place.host].keeper
        let queue = queue(place.workClass, of: keeper)
        guard classes[place.workClass].remove(target, from: queue, &targetPlaces) else { return }
        hosts[keeper].waiting -= 1
        setTimer(of: keeper, now: now)
        refresh(place.workClass, queue, now: now)
    }

    private mutating func queue(_ workClass: Int, of keeper: Int) -> Int {
        let (queue, isNew) = classes[workClass].queue(of: keeper)
        if isNew { hosts[keeper].queues.append(.init(workClass: workClass, queue: queue)) }
        return queue
    }

    // MARK: Nodes

    /// The node is of the fleet: what it can do, under its name and its labels.
    mutating func join(_ node: NodeNumber, name: String, capabilities: [String], labels: [String]) {
        leave(node)
        var offered: Set<Requirement> = []
        for capability in capabilities {
            for pin in ["", name] + labels { offered.insert(Requirement(capability: capability, pin: pin)) }
        }
        offers[node] = offered
        for number in offered.compactMap({ classOf[$0] }).sorted() { enlist(node, in: number) }
    }

    /// The node is gone.
    mutating func leave(_ node: NodeNumber) {
        offers[node] = nil
        loads[node] = nil
        for membership in memberships.removeValue(forKey: node) ?? [] {
            classes[membership.workClass].leave(membership.slot)
            refresh(membership.workClass)
        }
    }

    /// What the node has to do: the load that one more lease would make, divided by how useful the node is, in tenths
    /// so that small differences change no order.
    mutating func setLoad(of node: NodeNumber, collecting: UInt32, capacity: UInt32, usefulness: Double = 1) {
        let free = collecting < capacity
        let tenths = UInt64(max(1, min(10, (usefulness * 10).rounded())))
        let load = LoadKey(load: UInt64(collecting + 1) << 32 / (UInt64(max(1, capacity)) * tenths), turn: turn)
        turn += 1
        setLoad(free ? load : nil, of: node)
    }

    mutating func setUnavailable(_ node: NodeNumber) { setLoad(nil, of: node) }

    private mutating func setLoad(_ load: LoadKey?, of node: NodeNumber) {
        loads[node] = load
        for membership in memberships[node] ?? [] {
            classes[membership.workClass].setLoad(load, of: membership.slot)
            refresh(membership.workClass)
        }
    }

    private mutating func enlist(_ node: NodeNumber, in number: Int) {
        let slot = classes[number].join(node)
        memberships[node, default: []].append(Membership(workClass: number, slot: slot))
        classes[number].setLoad(loads[node], of: slot)
    }

    // MARK: Hosts

    /// A lease of one of its targets collects; also at the start, for those that did before.
    mutating func startCollecting(_ place: WorkPlace, by node: NodeNumber? = nil, now: Instant) {
        guard place.host != Assigner.noHost else { return }
        let keeper = hosts[place.host].keeper
        hosts[keeper].lastNode = node
        hosts[keeper].collecting += 1
        close(keeper, until: now + max(politeness.delay, hosts[keeper].delay), "")
        refreshHost(keeper, now: now)
    }

    /// What the host itself asks for. Until then no lease starts.
    mutating func setHost(_ name: String, delay: Span, closedUntil: Instant, _ why: String, now: Instant) {
        let host = number(ofHost: name)
        let keeper = hosts[host].keeper
        let before = hosts[host].asked
        hosts[host].asked = delay
        if delay >= hosts[keeper].delay {
            hosts[keeper].delay = delay
        } else if before == hosts[keeper].delay {
            hosts[keeper].delay = hosts[keeper].sharers.map { hosts[$0].asked }.reduce(hosts[keeper].asked, max)
        }
        if closedUntil > now { close(keeper, until: closedUntil, why) }
        refreshHost(keeper, now: now)
    }

    private mutating func close(_ keeper: Int, until opens: Instant, _ why: String) {
        guard opens > hosts[keeper].opens else { return }
        hosts[keeper].opens = opens
        hosts[keeper].closedBy = why
    }

    /// The host's name was resolved to this address, and it goes through one gate with the others there. Only the first
    /// address counts.
    mutating func resolve(_ name: String, to address: String, now: Instant) {
        let host = number(ofHost: name)
        guard hosts[host].address.isEmpty else { return }
        hosts[host].address = address
        guard let keeper = keeperOf[address] else {
            keeperOf[address] = host
            return
        }
        let moving = hosts[host]
        hosts[host] = HostGate(name: name, number: keeper)
        hosts[host].address = address
        hosts[host].asked = moving.asked
        hosts[keeper].sharers.append(host)
        hosts[keeper].collecting += moving.collecting
        hosts[keeper].waiting += moving.waiting
        hosts[keeper].demand += moving.demand
        hosts[keeper].delay = max(hosts[keeper].delay, moving.delay)
        hosts[keeper].lastNode = hosts[keeper].lastNode ?? moving.lastNode
        close(keeper, until: moving.opens, moving.closedBy)
        for place in moving.queues {
            let queue = queue(place.workClass, of: keeper)
            classes[place.workClass].move(from: place.queue, to: queue, &targetPlaces)
            refresh(place.workClass, place.queue, now: now)
        }
        hostTimers.remove(host)
        refreshHost(keeper, now: now)
    }

    /// Between two starts at this host.
    func delay(ofHost name: String) -> Span {
        max(politeness.delay, hostOf[name].map { hosts[hosts[$0].keeper].delay } ?? .zero)
    }

    mutating func addDemand(_ change: Int64, at place: WorkPlace) { hosts[hosts[place.host].keeper].demand += change }

    mutating func stopCollecting(_ place: WorkPlace, now: Instant) {
        guard place.host != Assigner.noHost else { return }
        let keeper = hosts[place.host].keeper
        hosts[keeper].collecting -= 1
        refreshHost(keeper, now: now)
    }

    /// When the next host with waiting targets opens.
    var wakes: Instant? { hostTimers.first?.key }

    /// Lets in the hosts whose delay has passed.
    mutating func openHosts(now: Instant) {
        while let first = hostTimers.first, first.key <= now {
            hostTimers.remove(first.id)
            refreshHost(first.id, now: now)
        }
    }

    // MARK: Choosing

    /// The most urgent target that a node can take, and that node. `avoid`: the node that failed it last.
    func next(avoid: (TargetNumber) -> NodeNumber?) -> Choice? {
        guard let first = open.first, let queue = classes[first.id].bestQueue else { return nil }
        let target = first.key.target
        let place = WorkPlace(workClass: first.id, host: classes[first.id].queues[queue].host)
        guard let node = classes[first.id].node(avoiding: avoid(target), spread: hosts[place.host].lastNode) else {
            return nil
        }
        return Choice(target: target, node: node, place: place)
    }

    // MARK: Keeping order

    private func isOpen(_ host: Int, now: Instant) -> Bool {
        host == Assigner.noHost || hosts[host].isOpen(politeness, now: now)
    }

    private mutating func refreshHost(_ host: Int, now: Instant) {
        setTimer(of: host, now: now)
        for place in hosts[host].queues { refresh(place.workClass, place.queue, now: now) }
    }

    /// A timer whose moment has passed stays: when it rings, all queues of the host are let in.
    private mutating func setTimer(of host: Int, now: Instant) {
        if hosts[host].waiting == 0 {
            hostTimers.remove(host)
        } else if hosts[host].opens > now {
            hostTimers.set(host, hosts[host].opens)
        }
    }

    private mutating func refresh(_ workClass: Int, _ queue: Int, now: Instant) {
        let host = classes[workClass].queues[queue].host
        classes[workClass].refresh(queue, hostIsOpen: isOpen(host, now: now))
        refresh(workClass)
    }

    private mutating func refresh(_ workClass: Int) {
        if let best = classes[workClass].best { open.set(workClass, best) } else { open.remove(workClass) }
    }
}
