package import Coordinator
import Model
import Synchronization
import Wire

/// What this process serves of a cluster, and where the rest of it is.
final class Whereabouts: Sendable {
    struct Current: Hashable, Sendable {
        var cluster: ClusterName
        /// Empty: every connection to this process serves it.
        var coordinator = ""
        /// Empty: so is this, or it has not come yet.
        var orchestrator = ""
        /// Why the other process is not to be had; nil while it is, and in a hub.
        var absence: String?
    }

    /// The role that is here alone; unspecified: both.
    let here: Proto.Role
    private let state: Mutex<Current>

    init(_ here: Proto.Role, _ current: Current) {
        self.here = here
        state = Mutex(current)
    }

    var current: Current { state.withLock { $0 } }

    /// True when peers must be told of another place or cluster than before.
    @discardableResult
    func update(_ change: (inout Current) -> Void) -> Bool {
        state.withLock { current in
            var places = current
            places.absence = nil
            change(&current)
            var now = current
            now.absence = nil
            return now != places
        }
    }
}

/// Which cluster, and in which of its lives; the id is empty where that is not known yet.
package struct ClusterName: Hashable, Sendable {
    package var id: [UInt8]
    package var incarnation: UInt64

    package init(id: [UInt8], incarnation: UInt64) {
        self.id = id
        self.incarnation = incarnation
    }

    package init(_ identity: ClusterIdentity) { self.init(id: identity.clusterID, incarnation: identity.incarnation) }
}
