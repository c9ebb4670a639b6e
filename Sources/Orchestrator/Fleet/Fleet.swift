import Model

/// Who is there: sessions, signs of life, suspicion and death. It knows nothing of targets.
struct Fleet: Sendable {
    enum Registration: Hashable, Sendable {
        /// `replaced`: the same instance's older connection, to be closed.
        case accepted(NodeNumber, replaced: ConnectionID?)
        /// Another instance has the name until then.
        case nameTaken(retryAfter: Span)
    }

    enum Change: Hashable, Sendable {
        case suspect(NodeNumber)
        /// With the connection that is still open and silent.
        case offline(NodeNumber, ConnectionID?)
    }

    let suspectAfter: Span
    let offlineAfter: Span
    private(set) var nodes: [FleetNode] = []
    private(set) var liveCount = 0
    private var numbers: [String: NodeNumber] = [:]
    /// Of nodes that have not registered here.
    private var ratings: [String: Double] = [:]
    private var sessions: [ConnectionID: NodeNumber] = [:]
    private var timers = Ranking<Instant>()

    init(suspectAfter: Span, offlineAfter: Span) {
        self.suspectAfter = min(suspectAfter, offlineAfter)
        self.offlineAfter = offlineAfter
    }

    subscript(node: NodeNumber) -> FleetNode {
        _read { yield nodes[node] }
        _modify { yield &nodes[node] }
    }

    func node(named name: String) -> NodeNumber? { numbers[name] }
    func node(on connection: ConnectionID) -> NodeNumber? { sessions[connection] }

    /// The next moment at which silence means something.
    var wakes: Instant? { timers.first?.key }

    /// A node of an earlier life of this process: it has all its time to come back.
    mutating func restore(name: String, profile: NodeProfile, presence: Presence, now: Instant) -> NodeNumber {
        let number = add(name, profile, presence, now)
        setTimer(number)
        return number
    }

    mutating func register(
        name: String, profile: NodeProfile, on connection: ConnectionID, now: Instant
    ) -> Registration {
        guard let number = numbers[name] else {
            let number = add(name, profile, .offline, now)
            begin(number, connection, now)
            return .accepted(number, replaced: nil)
        }
        if nodes[number].profile.instance != profile.instance, nodes[number].isHere {
            let silent = now.since(nodes[number].lastSign)
            let wait = offlineAfter > silent ? offlineAfter.nanoseconds - silent.nanoseconds : 0
            return .nameTaken(retryAfter: max(.milliseconds(1), Span(nanoseconds: wait)))
        }
        let old = nodes[number].presence.connection
        if let old { sessions[old] = nil }
        if nodes[number].profile.instance != profile.instance { nodes[number].spooledItems = 0 }
        nodes[number].rhythm.restart()
        nodes[number].profile = profile
        nodes[number].spoolNearlyFull = false
        begin(number, connection, now)
        return .accepted(number, replaced: old == connection ? nil : old)
    }

    mutating func heartbeat(of number: NodeNumber, now: Instant) { nodes[number].rhythm.beat(now: now) }

    /// The silence that makes this node a suspect.
    func patience(of number: NodeNumber) -> Span { nodes[number].rhythm.patience(most: suspectAfter) }

    /// Not nil when a node of the fleet is rated otherwise than before. One that registers later is rated from then on.
    mutating func rate(_ name: String, _ rating: Double) -> NodeNumber? {
        guard let number = numbers[name] else {
            ratings[name] = rating
            return nil
        }
        guard nodes[number].health.rating != rating else { return nil }
        nodes[number].health.rating = rating
        return number
    }

    /// False: it is out of the fleet already. Nil: it is connected, and would be back at once.
    mutating func remove(_ number: NodeNumber) -> Bool? {
        switch nodes[number].presence {
        case .live, .suspect(.some): return nil
        case .removed: return false
        case .suspect(nil), .left, .offline:
            move(number, to: .removed)
            setTimer(number)
            return true
        }
    }

    /// Any valid frame. Not nil when a suspect has proved to live.
    mutating func signOfLife(on connection: ConnectionID, now: Instant) -> NodeNumber? {
        guard let number = sessions[connection] else { return nil }
        nodes[number].lastSign = now
        guard case .suspect = nodes[number].presence else { return nil }
        move(number, to: .live(connection))
        setTimer(number)
        return number
    }

    /// A broken connection is a suspicion, not a death.
    mutating func disconnected(_ connection: ConnectionID) -> NodeNumber? {
        guard let number = sessions.removeValue(forKey: connection) else { return nil }
        move(number, to: .suspect(nil))
        setTimer(number)
        return number
    }

    mutating func goodbye(on connection: ConnectionID) -> NodeNumber? {
        guard let number = sessions.removeValue(forKey: connection) else { return nil }
        move(number, to: .left)
        setTimer(number)
        return number
    }

    /// Judges the silences that have lasted long enough.
    mutating func pass(now: Instant) -> [Change] {
        var changes: [Change] = []
        while let first = timers.first, first.key <= now {
            timers.remove(first.id)
            if let change = judge(first.id, now: now) { changes.append(change) }
            setTimer(first.id)
        }
        return changes
    }

    private mutating func judge(_ number: NodeNumber, now: Instant) -> Change? {
        let silent = now.since(nodes[number].lastSign)
        let presence = nodes[number].presence
        switch presence {
        case .live(let connection):
            guard silent >= patience(of: number) else { return nil }
            move(number, to: .suspect(connection))
            return .suspect(number)
        case .suspect, .left:
            guard silent >= offlineAfter else { return nil }
            move(number, to: .offline)
            if let connection = presence.connection { sessions[connection] = nil }
            return .offline(number, presence.connection)
        case .offline, .removed: return nil
        }
    }

    private mutating func add(_ name: String, _ profile: NodeProfile, _ presence: Presence, _ now: Instant)
        -> NodeNumber
    {
        let number = nodes.count
        nodes.append(FleetNode(number: number, name: name, profile: profile, presence: presence, lastSign: now))
        nodes[number].health.rating = ratings.removeValue(forKey: name)
        numbers[name] = number
        return number
    }

    private mutating func move(_ number: NodeNumber, to presence: Presence) {
        liveCount += (presence.isLive ? 1 : 0) - (nodes[number].presence.isLive ? 1 : 0)
        nodes[number].presence = presence
    }

    private mutating func begin(_ number: NodeNumber, _ connection: ConnectionID, _ now: Instant) {
        move(number, to: .live(connection))
        nodes[number].lastSign = now
        sessions[connection] = number
        setTimer(number)
    }

    /// Signs of life do not move the timer; when it rings, the last one is looked at.
    private mutating func setTimer(_ number: NodeNumber) {
        let node = nodes[number]
        switch node.presence {
        case .live: timers.set(number, node.lastSign + patience(of: number))
        case .suspect, .left: timers.set(number, node.lastSign + offlineAfter)
        case .offline, .removed: timers.remove(number)
        }
    }
}
