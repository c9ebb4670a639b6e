import Model

/// The way between one client and the hub, in its two directions.
struct NetworkPath {
    /// Nothing gets through before this moment; what was sent is sent again afterwards, as TCP does.
    var blockedUntil = [Instant.zero, .zero]
    var delay: Span
    var jitter: Span
    var lossInThousand: UInt64
    var slices: Bool

    func isBlocked(_ direction: Direction, now: Instant) -> Bool { blockedUntil[direction.rawValue] > now }
}

enum Direction: Int, CaseIterable {
    case up  // client to hub
    case down

    var opposite: Direction { self == .up ? .down : .up }
}

/// All connections, living and dying. It answers for what TCP promises: the bytes of one connection come in order,
/// once, or not at all; connections know nothing of each other.
final class Network {
    unowned let simulation: Simulation
    var paths: [NetworkPath]
    private var cables: [Cable] = []
    private var made: UInt64 = 0
    /// Takes a new connection; false: nobody listens.
    var accept: (Cable) -> Bool = { _ in false }
    /// The hub's machine answers, though its process may not.
    var isHubReachable: () -> Bool = { false }

    init(_ simulation: Simulation, clients: Int) {
        self.simulation = simulation
        let plan = simulation.plan
        paths = Array(
            repeating: NetworkPath(
                delay: plan.delay, jitter: plan.jitter, lossInThousand: plan.lossInThousand, slices: plan.slices),
            count: clients)
    }

    /// Sends a client's wish for a connection to the hub. `refused` when the hub says no; silence when nobody hears it.
    func connect(client: Int, refused: @escaping () -> Void) -> Cable {
        made += 1
        let cable = Cable(self, number: made, client: client)
        cables.removeAll { $0.isOver }
        cables.append(cable)
        cable.arrive(.up) { [unowned self, unowned cable] in
            guard isHubReachable() else { return }
            if accept(cable) {
                cable.arrive(.down) { cable.opened() }
            } else {
                cable.arrive(.down) { refused() }
            }
        }
        return cable
    }

    /// The living connections of a client.
    func cables(of client: Int) -> [Cable] { cables.filter { $0.clientNumber == client && !$0.isOver } }

    func heal() {
        for index in paths.indices {
            paths[index].blockedUntil = [.zero, .zero]
            paths[index].lossInThousand = 0
        }
        for cable in cables { cable.heal() }
    }

    func travelTime(_ client: Int) -> Span {
        let path = paths[client]
        var span = path.delay + Span(nanoseconds: simulation.random.below(path.jitter.nanoseconds + 1))
        if path.lossInThousand > 0, simulation.random.below(1_000) < path.lossInThousand {
            simulation.count(.packetLost)
            span = span + .milliseconds(200 + simulation.random.below(1_000))
        }
        return span
    }
}

/// What one end of a connection learns.
enum CableEvent {
    case opened
    case bytes(ArraySlice<UInt8>)
    case closed
}

/// One TCP connection.
final class Cable {
    private struct Lane {
        var waiting: [(at: Instant, deliver: () -> Void)] = []
        var last = Instant.zero
        var isPumped = false
        /// Bytes sent here are swallowed and nobody is told.
        var isBlackHole = false
        /// The receiving end is gone.
        var isDead = false
    }

    unowned let network: Network
    let number: UInt64
    let clientNumber: Int
    private var lanes = [Lane(), Lane()]
    var client: (CableEvent) -> Void = { _ in }
    var server: (CableEvent) -> Void = { _ in }

    init(_ network: Network, number: UInt64, client: Int) {
        self.network = network
        self.number = number
        clientNumber = client
    }

    var isOver: Bool { lanes[0].isDead && lanes[1].isDead }
    /// The client has left, and the hub may not know.
    var isLeftByClient: Bool { lanes[Direction.down.rawValue].isDead }

    // MARK: Sending

    func send(_ direction: Direction, _ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            var size = rest.count
            if network.paths[clientNumber].slices, network.simulation.random.oneIn(2) {
                size = 1 + Int(network.simulation.random.below(UInt64(rest.count)))
                if size < rest.count { network.simulation.count(.bytesSliced) }
            }
            let slice = rest.prefix(size)
            rest = rest.dropFirst(size)
            arrive(direction) { [unowned self] in give(direction, .bytes(slice)) }
        }
    }

    /// The end that sends this way closes: the other learns of it after all that was sent; what comes is not wanted.
    func close(_ direction: Direction) {
        guard !lanes[direction.opposite.rawValue].isDead else { return }
        lanes[direction.opposite.rawValue].isDead = true
        arrive(direction) { [unowned self] in
            give(direction, .closed)
            lanes[direction.rawValue].isDead = true
        }
    }

    /// The machine that sends this way is gone without a word. The other end learns when something answers again.
    func abandon(_ direction: Direction) { lanes[direction.opposite.rawValue].isDead = true }

    /// Something between breaks the connection; each end learns in its own time, and loses what comes later.
    func reset() {
        for direction in Direction.allCases {
            network.simulation.after(.milliseconds(network.simulation.random.below(2_000))) { [self] in
                give(direction, .closed)
                lanes[direction.rawValue].isDead = true
                lanes[direction.rawValue].waiting = []
            }
        }
    }

    func swallow(_ direction: Direction) { lanes[direction.rawValue].isBlackHole = true }

    /// A connection that lost bytes cannot go on: its ends find out.
    func heal() {
        if lanes.contains(where: \.isBlackHole) { reset() }
    }

    // MARK: On the way

    func opened() { give(.down, .opened) }

    private func give(_ direction: Direction, _ event: CableEvent) {
        guard !lanes[direction.rawValue].isDead else {
            // The machine answers for a process that is gone.
            if case .bytes = event { refuse(direction) }
            return
        }
        switch direction {
        case .up: server(event)
        case .down: client(event)
        }
    }

    private func refuse(_ direction: Direction) {
        let back = direction.opposite
        guard !lanes[back.rawValue].isDead, direction == .down || network.isHubReachable() else { return }
        arrive(back) { [unowned self] in
            give(back, .closed)
            lanes[back.rawValue].isDead = true
        }
    }

    /// In the order of sending, whatever the network does.
    func arrive(_ direction: Direction, _ deliver: @escaping () -> Void) {
        let place = direction.rawValue
        guard !lanes[place].isBlackHole else { return }
        let soonest = network.simulation.now + network.travelTime(clientNumber)
        let at = max(soonest, lanes[place].last + Span(nanoseconds: 1))
        lanes[place].last = at
        lanes[place].waiting.append((at, deliver))
        if !lanes[place].isPumped { pump(direction, at: at) }
    }

    private func pump(_ direction: Direction, at instant: Instant) {
        lanes[direction.rawValue].isPumped = true
        network.simulation.at(instant) { [self] in
            lanes[direction.rawValue].isPumped = false
            deliverDue(direction)
        }
    }

    private func deliverDue(_ direction: Direction) {
        let place = direction.rawValue
        while let first = lanes[place].waiting.first {
            guard !lanes[place].isBlackHole else { return lanes[place].waiting = [] }
            let open = network.paths[clientNumber].blockedUntil[place]
            let ready = max(first.at, open)
            if ready > network.simulation.now {
                // Sent again some time after the way is open: retransmission backs off.
                let retry = open > first.at ? network.simulation.random.below(400) : 0
                return pump(direction, at: ready + .milliseconds(retry))
            }
            lanes[place].waiting.removeFirst()
            first.deliver()
        }
    }
}
