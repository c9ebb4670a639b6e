import Synchronization

/// Among whose artifacts a duplicate is looked for. Fixed when the cluster is made.
package enum DedupScope: String, Sendable {
    /// Whoever sends it.
    case cluster
    /// Those of the same node. Content is stored once all the same.
    case node
}

/// What identities are made with. While stored content is hashed anew there are two secrets: what is new is named
/// under the one, and looked up under both.
package struct IdentityKeys: Sendable {
    /// Which row of `identity_version` says how a digest was made now.
    package var version: Int64
    package var secret: DedupSecret
    /// The one before, while artifacts are still named under it.
    package var former: DedupSecret?
    package var salt: [UInt8]
    package var scope: DedupScope
    /// Of the check that tells texts of one normal form apart. It names stored bytes, and so outlives every secret.
    package var rawSeed: UInt64

    package init(
        version: Int64 = 1, secret: DedupSecret, former: DedupSecret? = nil, salt: [UInt8],
        scope: DedupScope = .cluster, rawSeed: UInt64? = nil
    ) {
        self.version = version
        self.secret = secret
        self.former = former
        self.salt = salt
        self.scope = scope
        self.rawSeed = rawSeed ?? secret.rawSeed
    }
}

/// The keys in use, written by the ledger's thread and read by every connection's.
package final class KeyRing: Sendable {
    private let keys: Mutex<IdentityKeys>
    private let generation = Atomic<UInt64>(1)

    package init(_ keys: IdentityKeys) { self.keys = Mutex(keys) }

    package var current: IdentityKeys { keys.withLock { $0 } }

    /// Grows with every change; what was read before the keys is never newer than they are.
    var turn: UInt64 { generation.load(ordering: .acquiring) }

    func publish(_ new: IdentityKeys) {
        keys.withLock { $0 = new }
        generation.add(1, ordering: .releasing)
    }
}
