import Lifecycle
import Model
package import Wire

/// Holds a connection that must be closed while the ledger is opened anew.
protocol LedgerFollower: Sendable {
    func suspend() async
    /// What cannot be opened now is opened when it is needed: nothing of this may keep intake closed.
    func resume() async
}

/// Reads of committed artifacts, on a thread of their own, so that no query ever waits for a commit or delays one.
package actor LedgerQueries: LedgerFollower {
    private nonisolated let thread: WorkerThread
    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
    private let place: LedgerPlace
    private var reader: LedgerReader?
    private var isSuspended = false
    private var whenResumed: [CheckedContinuation<Void, Never>] = []

    init(_ place: sending LedgerPlace, thread: WorkerThread) throws(LedgerError) {
        self.place = place
        self.thread = thread
        reader = try LedgerReader(place)
    }

    package func list(before: UInt64, limit: Int) throws(LedgerError) -> Proto.ListArtifactsReply {
        try open().list(before: before, limit: limit)
    }

    package func artifact(_ id: UInt64, withContent: Bool) throws(LedgerError) -> Proto.GetArtifactReply? {
        try open().artifact(id, withContent: withContent)
    }

    func verify(after position: UInt64, count: UInt64) throws(LedgerError) -> UInt64? {
        try open().verify(after: position, count: count)
    }

    func suspend() {
        isSuspended = true
        reader?.close()
        reader = nil
    }

    func resume() {
        isSuspended = false
        whenResumed.forEach { $0.resume() }
        whenResumed = []
    }

    /// Returns at once unless it is suspended.
    func resumed() async {
        guard isSuspended else { return }
        await withCheckedContinuation { whenResumed.append($0) }
    }

    private func open() throws(LedgerError) -> LedgerReader {
        guard !isSuspended else { throw .unavailable("the ledger is being opened again") }
        if let reader { return reader }
        let opened = try LedgerReader(place)
        reader = opened
        return opened
    }
}
