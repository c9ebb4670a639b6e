/// How many artifacts may come in any hour: decided by the orchestrator, enforced by the coordinator, which keeps the
/// last one it was told.
package struct QuotaOrder: Hashable, Sendable {
    package struct Node: Hashable, Sendable {
        package var name: String
        package var quota: UInt64
        /// Numbers the decision; an older one changes nothing.
        package var revision: UInt64

        package init(name: String, quota: UInt64, revision: UInt64) {
            self.name = name
            self.quota = quota
            self.revision = revision
        }
    }

    /// Of a node that none was decided for; 0: no node has a quota.
    package var base: UInt64
    /// Of all nodes together; 0: none.
    package var cluster: UInt64
    package var revision: UInt64
    /// Those that have changed; all of them in a whole order.
    package var nodes: [Node]

    package init(base: UInt64, cluster: UInt64, revision: UInt64, nodes: [Node] = []) {
        self.base = base
        self.cluster = cluster
        self.revision = revision
        self.nodes = nodes
    }
}
