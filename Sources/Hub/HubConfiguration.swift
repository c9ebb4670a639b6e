package import Coordinator
package import Model
package import Orchestrator
package import Transport
package import Wire

package struct HubConfiguration: Sendable {
    /// What of a cluster one process serves.
    package enum Part: Sendable {
        /// Coordinator and orchestrator.
        case hub
        case coordinator
        case orchestrator(of: SocketAddress)
    }

    package var directory: String
    package var address: SocketAddress
    package var part = Part.hub
    /// Where others reach what listens on `address`; nil: there.
    package var advertised: String?
    /// The part of the orchestrator is to be had by this process, whoever had it.
    package var takesOver = false
    package var allowsChaos = false
    package var heartbeat = Limits.heartbeatInterval
    /// Bytes; nil: the usual mark for the size of the file system.
    package var diskLowWater: UInt64?
    package var feed = FeedPolicy()
    package var weights = PriorityWeights()
    package var sink = SinkChoice.jsonl
    package var patience = ServerSession.Patience()
    /// From a frame's first byte to its last.
    package var frameTimeout = Limits.frameTimeout
    package var maxConnections = Limits.maxConnections
    package var orchestrator = OrchestratorConfiguration(incarnation: 0)
    package var patterns = PatternOptions()
    /// Nil but in tests.
    package var killPoint: KillPoint?
    /// Nil: whatever the cluster was made with.
    package var dedupScope: DedupScope?
    /// How long history is kept; nil: for good.
    package var retention: Span?
    package var software: String

    package init(directory: String, address: SocketAddress, software: String) {
        self.directory = directory
        self.address = address
        self.software = software
    }

    /// For logs and last words.
    var partName: String {
        switch part {
        case .hub: "hub"
        case .coordinator: "coordinator"
        case .orchestrator: "orchestrator"
        }
    }

    var coordinator: CoordinatorConfiguration {
        var place = CoordinatorConfiguration(directory: directory, diskLowWater: diskLowWater)
        place.patterns = patterns
        place.feed = feed
        place.weights = weights
        place.sink = sink
        place.killPoint = killPoint
        place.dedupScope = dedupScope
        place.retention = retention
        return place
    }
}
