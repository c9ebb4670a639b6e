import Model

/// Whether a node is there. Whether it is any good is another matter.
enum Presence: Hashable, Sendable {
    /// A valid frame came lately → suspect, left.
    case live(ConnectionID)
    /// Silent, or its connection broke; keeps what it has, gets nothing new → live, left, offline.
    case suspect(ConnectionID?)
    /// Said Goodbye; what it delivered may still be confirmed → offline, or live when it registers.
    case left
    /// No sign of life for too long → live when it registers.
    case offline
    /// An operator took it out of the fleet → live when it registers.
    case removed

    var connection: ConnectionID? {
        switch self {
        case .live(let connection): connection
        case .suspect(let connection): connection
        case .left, .offline, .removed: nil
        }
    }

    var isLive: Bool {
        switch self {
        case .live: true
        case .suspect, .left, .offline, .removed: false
        }
    }

    var name: String {
        switch self {
        case .live: "active"
        case .suspect: "suspect"
        case .left: "left"
        case .offline: "offline"
        case .removed: "removed"
        }
    }
}

/// What a node says of itself when it registers.
struct NodeProfile: Hashable, Sendable {
    var instance: [UInt8]
    var capabilities: [String]
    var capacity: UInt32
    var labels: [String: String] = [:]
    var draining = false

    /// As targets that belong to a host may ask for them.
    var pins: [String] { labels.map { "\($0.key)=\($0.value)" }.sorted() }
}

/// One node, known by its name.
struct FleetNode: Sendable {
    let number: NodeNumber
    let name: String
    var profile: NodeProfile
    var presence: Presence
    var lastSign: Instant
    /// The leases it holds, collecting and delivering.
    var leases: Set<UInt64> = []
    var collecting: UInt32 = 0
    var spooledItems: UInt64 = 0
    var spoolNearlyFull = false
    var successes: UInt64 = 0
    var failures: UInt64 = 0
    var health = NodeHealth()
    var rhythm = HeartbeatRhythm()
    /// By an operator; a node that drains by itself says so in its profile.
    var isDrained = false
    /// Degraded: when it may be tried again.
    var probeAt = Instant.zero
    /// Its quota is used up until then.
    var creditAt = Instant.zero
    var trail = DecisionTrail(isKnown: false)
    var quota: DecidedQuota?

    var isDraining: Bool { profile.draining || isDrained }

    /// May be given something, if it has room.
    var isAvailable: Bool { presence.isLive && !isDraining && !spoolNearlyFull }

    /// As operators see it.
    var stateName: String {
        if isHere, isDraining { return "draining" }
        if presence.isLive, health.isDegraded { return "degraded" }
        return presence.isLive && collecting >= profile.capacity ? "busy" : presence.name
    }

    var isHere: Bool {
        switch presence {
        case .live, .suspect: true
        case .left, .offline, .removed: false
        }
    }
}
