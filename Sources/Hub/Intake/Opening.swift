package import Model
package import Wire

extension Proto.Welcome {
    /// What a server says to a peer that may come in.
    package init(
        to cluster: ClusterName, session: ConnectionID, now: WallTime, heartbeat: Span, credit: UInt32,
        software: String
    ) {
        self.init(
            clusterId: cluster.id[...], incarnation: cluster.incarnation, session: session.number,
            serverTimeMs: now.milliseconds, heartbeatIntervalMs: heartbeat.wireMilliseconds,
            maxFrame: UInt32(Limits.maxFrame), maxBatch: UInt32(Limits.maxBatch),
            maxInFlight: UInt32(Limits.maxInFlight), credit: credit, software: software)
    }
}

extension Proto.RegisterNode {
    /// Where the node's streams stand in the ledger, given the last sequence applied of each.
    package func positions(applied: [UInt64]) -> [Proto.StreamPosition] {
        zip(streams, applied).map {
            Proto.StreamPosition(stream: $0.stream, firstUnacked: $1 + 1, next: $0.next)
        }
    }
}
