package import Model
package import Wire

/// A fault in force. It ends at its time whoever injected it and whatever became of them.
package struct Fault: Equatable, Sendable {
    package let id: UInt64
    package let kind: Proto.FaultKind
    package let node: String
    package let until: Instant
    package let delay: Span
}

/// Why a fault is not injected.
package enum FaultRefusal: Error, Equatable, CustomStringConvertible {
    case notAllowed
    case unknownKind(Int32)
    case noNode
    case unknownNode(String)
    case duration(UInt32)
    case delay(UInt32)
    case key(Int)

    /// The field of ChaosInject that is wrong.
    package var field: String {
        switch self {
        case .notAllowed: ""
        case .unknownKind: "fault"
        case .noNode, .unknownNode: "node"
        case .duration: "duration_ms"
        case .delay: "delay_ms"
        case .key: "key"
        }
    }

    package var description: String {
        switch self {
        case .notAllowed: "faults are off in this cluster; start the hub with --allow-chaos to allow them"
        case .unknownKind(let number):
            "fault is \(number); pause-node, cut-connection, delay and kill-node are known"
        case .noNode: "node is empty; name the node to hurt"
        case .unknownNode(let name): "node is \(name), which is not connected; rookery status lists the nodes"
        case .duration(let ms): "duration_ms is \(ms); 1 to \(Limits.maxFault.milliseconds) are accepted"
        case .delay(let ms): "delay_ms is \(ms); 1 to 60000 are accepted for a delay"
        case .key(let count): "key has \(count) bytes; give 16 random ones, the same when asking again"
        }
    }
}

/// Which faults are in force. Pure: who injects, expires and clears passes the time in.
package struct FaultRegistry: Sendable {
    private var faults: [Fault] = []
    private var keys: [(key: [UInt8], fault: Fault, at: Instant)] = []
    private var last: UInt64 = 0
    private let isAllowed: Bool

    private static let maxDelay: UInt32 = 60_000  // ms
    private static let maxKeys = 1_024  // remembered requests

    package init(isAllowed: Bool) { self.isAllowed = isAllowed }

    /// The same key gives the same fault again, for an hour; `isNew` tells them apart.
    package mutating func inject(
        _ request: Proto.ChaosInject, connected: (String) -> Bool, now: Instant
    ) throws(FaultRefusal) -> (fault: Fault, isNew: Bool) {
        guard isAllowed else { throw .notAllowed }
        expire(now: now)
        if let known = keys.first(where: { $0.key == Array(request.key) }) { return (known.fault, false) }
        try FaultRegistry.check(request)
        guard connected(request.node) else { throw .unknownNode(request.node) }
        last += 1
        let fault = Fault(
            id: last, kind: request.fault, node: request.node,
            until: now + .milliseconds(UInt64(request.durationMs)), delay: .milliseconds(UInt64(request.delayMs)))
        faults.append(fault)
        keys.append((Array(request.key), fault, now))
        if keys.count > FaultRegistry.maxKeys { keys.removeFirst() }
        return (fault, true)
    }

    private static func check(_ request: Proto.ChaosInject) throws(FaultRefusal) {
        guard request.key.count == 16 else { throw .key(request.key.count) }
        guard !request.node.isEmpty else { throw .noNode }
        guard request.durationMs > 0, UInt64(request.durationMs) <= Limits.maxFault.milliseconds else {
            throw .duration(request.durationMs)
        }
        switch request.fault {
        case .pauseNode, .cutConnection, .killNode: break
        case .delay:
            guard request.delayMs > 0, request.delayMs <= maxDelay else { throw .delay(request.delayMs) }
        case .unspecified, .unrecognized: throw .unknownKind(request.fault.rawValue)
        }
    }

    /// Ends faults whose time has come, and returns them.
    @discardableResult
    package mutating func expire(now: Instant) -> [Fault] {
        keys.removeAll { now.since($0.at) > Limits.keyMemory }
        let ended = faults.filter { $0.until <= now }
        faults.removeAll { $0.until <= now }
        return ended
    }

    /// Ends one fault, or with 0 all of them, and returns what was ended.
    package mutating func clear(_ id: UInt64, now: Instant) -> [Fault] {
        expire(now: now)
        let cleared = faults.filter { id == 0 || $0.id == id }
        faults.removeAll { id == 0 || $0.id == id }
        return cleared
    }

    package mutating func active(now: Instant) -> [Fault] {
        expire(now: now)
        return faults
    }

    package func isCut(_ node: String, now: Instant) -> Bool {
        faults.contains { $0.node == node && $0.kind == .cutConnection && $0.until > now }
    }

    /// How long each frame of this node is to be held; nil when it is not.
    package func delay(of node: String, now: Instant) -> Span? {
        faults.last { $0.node == node && $0.kind == .delay && $0.until > now }?.delay
    }
}
