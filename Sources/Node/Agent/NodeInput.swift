package import Model
package import Wire

/// What happens to a node.
package enum NodeInput: Sendable {
    /// A connection is open and welcomed.
    case connected(Proto.Welcome)
    case disconnected
    /// The same of a coordinator in a process of its own, which takes the batches; the connection above then is the
    /// orchestrator's.
    case coordinatorConnected(Proto.Welcome)
    case coordinatorDisconnected
    case message(Proto.Envelope)
    /// A collector's step. It is asked for the next one by `resumeCollector`.
    case yielded(lease: UInt64, items: [CollectedItem])
    /// A collector works, though it has nothing to yield yet.
    case progressed(lease: UInt64)
    case finished(lease: UInt64, CollectionResult)
    /// A collector wants to visit a host that is not its assignment's.
    case budgetWanted(host: String)
    case tick
    case drain
}

/// What a node does. Effects are returned when everything they tell of is on disk.
package enum NodeEffect: Sendable, Equatable {
    case send(Proto.Envelope)
    /// To a coordinator in a process of its own.
    case sendToCoordinator(Proto.Envelope)
    /// The collector waits for its first `resumeCollector`.
    case startCollecting(Proto.Assignment)
    /// There is room for what the next step will yield.
    case resumeCollector(lease: UInt64)
    case stopCollecting(lease: UInt64, reason: String)
    /// How a host is to be visited; nil when nobody can be asked.
    case budget(host: String, Proto.HostBudget?)
    /// A collection has ended, and its outcome is on disk.
    case ended(Outcome)
    /// The connection is of no more use.
    case reconnect(reason: String, retryAfter: Span)
    case reconnectToCoordinator(reason: String, retryAfter: Span)
    /// Drained as far as time allowed.
    case stopped(undelivered: UInt64)
}

/// What a node is, for those it registers with.
package struct NodeIdentity: Sendable {
    package var capabilities: [String]
    package var capacity: UInt32
    package var labels: [String: String]

    package init(capabilities: [String], capacity: UInt32 = Limits.defaultCapacity, labels: [String: String] = [:]) {
        self.capabilities = capabilities
        self.capacity = capacity
        self.labels = labels
    }
}

/// Bounds of the agent.
package enum NodeLimits {
    /// What fits a frame of the other side beside the batch's own fields. A frame of unknown size is a usual one.
    static func batchBytes(maxFrame: UInt32) -> Int {
        let frame = maxFrame == 0 ? Limits.maxFrame : Int(maxFrame)
        return min(Limits.batchBytes, max(frame / 2, frame - 64 * Limits.kibibyte))
    }

    package static let leasesHeld = 10_000  // collecting and delivering: each is named in RegisterNode
    package static let outcomeError = 256  // bytes: leasesHeld of them fit one frame
    package static let outcomesAtOnce = 256  // in one LeaseOutcomes
    package static let drainCollecting = Span.seconds(10)  // then collections are handed back
    static let pageTime = Span.seconds(60)  // for one page, redirects and all
    static let documentBytes = 8 * Limits.mebibyte  // of a feed, an answer, a sitemap
    static let statusAge = Span.milliseconds(250)  // of what is told, while there is work
    static let fileSlice = 64 * Limits.kibibyte  // read at once; in between others have their turn
    static let filesAtOnce = 16  // in one step
    static let stepBytes = 256 * Limits.kibibyte  // in one step, about
    static let entriesAtOnce = 256  // of a directory, looked at in one step
    package static let drainTotal = Span.seconds(30)  // then the node stops, whatever is left
}
