import Model
import Storage
package import Wire

/// What the ledger says to a node that names the first sequence that was not acked to it.
package enum StreamStanding: Equatable, Sendable {
    /// Nothing is missing before it.
    case applied(UInt64)
    /// It was told that more is stored than there is here.
    case behind(String)
}

/// Items that a node had been told were stored, and that are not here.
struct MissingRange {
    var stream: UInt64
    var node: String
    var first: UInt64
    var last: UInt64

    var sentence: String {
        "node \(node) was told that sequences \(first) to \(last) of its stream are stored, and they are not: this "
            + "data directory is older than what the cluster knows; restore a later backup, or stop the hub and run "
            + "rookery restore --accept-loss --data DIR"
    }
}

/// Losses that a restored or older copy brings to light.
struct LossBook {
    /// The state version that a backup was restored at; nil: this directory was never restored.
    private var restored: UInt64?
    /// What was lost of streams that have not moved since this state version is given up.
    private var accepted: UInt64?
    /// Why no work is taken, if so.
    private(set) var reason: String?

    init(from database: Database) throws(LedgerError) {
        (restored, accepted, reason) = try storing { () throws(StorageError) in
            let open = try database.first(
                "SELECT stream, node, first, last FROM missing WHERE accepted = 0 ORDER BY number LIMIT 1"
            ) { MissingRange(stream: $0.uint(0), node: $0.text(1), first: $0.uint(2), last: $0.uint(3)).sentence }
            return (
                try database.first("SELECT value FROM meta WHERE key = 'restored_version'") { $0.uint(0) },
                try database.first("SELECT value FROM meta WHERE key = 'accepted_version'") { $0.uint(0) }, open
            )
        }
    }

    /// Whether a node that is ahead proves that something was lost here. A stream that was never heard of proves it
    /// only in a restored directory: else the node comes from another cluster, and opens a new stream.
    func counts(_ state: StreamState?) -> Bool { state != nil || restored != nil || accepted != nil }

    func isAccepted(_ state: StreamState?) -> Bool {
        guard let accepted else { return false }
        return (state?.version ?? 0) <= accepted
    }

    mutating func note(_ range: MissingRange) { reason = reason ?? range.sentence }
}

extension LedgerReader {
    /// Every range, in the order of its finding; at most a page of them.
    package func missing() throws(LedgerError) -> [Proto.MissingRange] {
        try read { database throws(StorageError) in
            try database.all(
                "SELECT stream, node, first, last, at_ms, accepted FROM missing ORDER BY number LIMIT ?",
                .int(Limits.listLimit)
            ) { row in
                Proto.MissingRange(
                    stream: row.uint(0), node: row.text(1), first: row.uint(2), last: row.uint(3),
                    foundAtMs: row.int(4), accepted: row.bool(5))
            }
        }
    }
}
