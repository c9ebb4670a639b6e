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

    var connection: ConnectionID? {
        switch self {
        case .live(let connection): connection
        case .suspect(let connection): connection
        case .left, .offline: nil
        }
    }

    var isLive: Bool {
        switch self {
        case .live: true
        case .suspect, .left, .offline: false
        }
    }

    var name: String {
        switch self {
        case .live: "active"
        case .suspect: "suspect"
        case .left: "left"
        case .offline: "offline"
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

    /// May be given something, if it has room.
    var isAvailable: Bool { presence.isLive && !profile.draining && !spoolNearlyFull }

    /// As operators see it.
    var stateName: String {
        if isHere, profile.draining { return "draining" }
        return presence.isLive && collecting >= profile.capacity ? "busy" : presence.name
    }

    var isHere: Bool {
        switch presence {
        case .live, .suspect: true
        case .left, .offline: false
        }
    }
}
