import Synchronization

/// Whether intake takes batches, and if not, why.
package enum IntakeState: Equatable, Sendable {
    /// To recovering, when a commit's outcome is unknown; to diskLow, when space runs out.
    case open
    /// To open, once the database is opened again and durable. Until then nothing is acked.
    case recovering(reason: String)
    /// To open, once there is space again.
    case diskLow(free: UInt64)
    /// To open, once the log is empty again. Somebody's read transaction keeps what was logged since it began.
    case logHeld(bytes: Int)
    /// For good: a peer knows of more than is stored here. Only an operator can say what is to be done.
    case behind(reason: String)

    package var sentence: String {
        switch self {
        case .open: "open"
        case .behind(let reason), .recovering(let reason): "closed: \(reason)"
        case .diskLow(let free):
            "closed: only \(free >> 20) MiB are free on the data directory's file system; free some space"
        case .logHeld(let bytes):
            "closed: ledger.db-wal holds \(bytes >> 20) MiB that cannot be moved into ledger.db, because another "
                + "program reads it in one long transaction; end that program (fuser names it)"
        }
    }
}

/// What `status` shows of the coordinator, in constant time however much is stored.
package struct CoordinatorStatus: Equatable, Sendable {
    package var head = LedgerHead()
    package var intake = IntakeState.open
    package var commits: UInt64 = 0
    package var commitFailures: UInt64 = 0
    package var checkpoints: UInt64 = 0
    package var indexBytes = 0
    package var compaction = Compaction()
    /// In the ledger's file, to be used again before it grows.
    package var freeBytes: UInt64 = 0
    /// A change of the dedup secret under way.
    package var keyChange: KeyChange?
    package var identityVersion: Int64 = 1
    package var secretID: [UInt8] = []
    /// Nil: the full check behind the start is still running.
    package var verified: Bool?
    package var verifyError: String?
}

/// What the ledger's thread knows of itself.
struct LedgerFigures: Sendable {
    let head: LedgerHead
    let indexBytes: Int
    let compaction: Compaction
    let freeBytes: UInt64
    let keys: KeyState

    init(_ ledger: Ledger) {
        head = ledger.head
        indexBytes = ledger.indexBytes
        compaction = ledger.compaction
        freeBytes = ledger.freeBytes
        keys = ledger.keys
    }
}

extension CoordinatorStatus {
    mutating func show(_ now: LedgerFigures) {
        head = now.head
        indexBytes = now.indexBytes
        compaction = now.compaction
        freeBytes = now.freeBytes
        keyChange = now.keys.change
        identityVersion = now.keys.version
        secretID = now.keys.secretID
    }
}

/// The latest status, written by the threads that know and read by anyone.
final class StatusBoard: Sendable {
    private let status = Mutex(CoordinatorStatus())

    var current: CoordinatorStatus { status.withLock { $0 } }

    func update(_ change: (inout CoordinatorStatus) -> Void) { status.withLock { change(&$0) } }
}
