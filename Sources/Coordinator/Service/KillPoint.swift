import Glibc
import Storage

/// Where a hub ends itself in the middle of a commit, as by `kill -9`: for tests of what is found afterwards. Without
/// one nothing of this is on the way of a commit.
package struct KillPoint: Equatable, Sendable {
    package enum Moment: String, Sendable {
        /// The commit is written to the WAL and not yet synced.
        case written
        /// It is synced, and nobody has been told.
        case synced
    }

    package var moment: Moment
    /// Counts commits of the ledger from the start of the process, from 1.
    package var commit: Int

    /// As `written:3`.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let moment = Moment(rawValue: String(parts[0])), let commit = Int(parts[1]), commit > 0
        else { return nil }
        self.moment = moment
        self.commit = commit
    }
}

/// Watches the ledger's commits, and ends the process at the one that is meant. Confined to the ledger's thread.
final class CommitKiller {
    private let point: KillPoint
    private let disk: FaultingVFS
    private var commits = 0

    /// A frame is two writes; the head of a new WAL is one, and has a sync of its own.
    private static let frame = FaultRule(.sync, .kill, suffix: "ledger.db-wal", afterWrites: 2)

    init(_ point: KillPoint, disk: FaultingVFS) {
        self.point = point
        self.disk = disk
    }

    func begins() {
        if point.moment == .written, commits + 1 == point.commit { disk.faults.set(CommitKiller.frame) }
    }

    func ended(committed: Bool) {
        if point.moment == .written { disk.faults.clear() }
        guard committed else { return }
        commits += 1
        if point.moment == .synced, commits == point.commit { kill(getpid(), SIGKILL) }
    }
}
