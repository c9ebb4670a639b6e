/// How a database is opened. The defaults are right for a store whose commits are acknowledged to others.
package struct DatabaseOptions: Sendable {
    /// When SQLite waits for the disk.
    package enum Synchronous: Int64, Sendable {
        /// Never: for negative controls in tests.
        case off = 0
        /// At checkpoints only: a power cut loses the last commits. Only for what can be computed again.
        case normal = 1
        /// At every commit.
        case full = 2
    }

    /// Bytes a page; only a new file takes it.
    package var pageSize: Int64 = 4_096
    /// Bytes of page cache.
    package var cacheBytes: Int64 = 8 << 20
    /// The name of a registered VFS; nil is the operating system's.
    package var vfs: String?
    /// The writer keeps the file to itself: no reader can open it, and no shared-memory file is made.
    package var exclusiveLocking = false
    package var synchronous = Synchronous.full
    /// How long a reader waits while another connection recovers the WAL. A writer never waits.
    package var readerBusyMilliseconds: Int32 = 1_000

    package init() {}

    package init(
        pageSize: Int64 = 4_096, cacheBytes: Int64 = 8 << 20, vfs: String? = nil, exclusiveLocking: Bool = false,
        synchronous: Synchronous = .full
    ) {
        self.pageSize = pageSize
        self.cacheBytes = cacheBytes
        self.vfs = vfs
        self.exclusiveLocking = exclusiveLocking
        self.synchronous = synchronous
    }
}
