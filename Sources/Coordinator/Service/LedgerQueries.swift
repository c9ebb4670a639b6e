import Lifecycle
import Model
package import Wire

/// Holds a connection that must be closed while the ledger is opened anew.
protocol LedgerFollower: Sendable {
    func suspend() async
    /// What cannot be opened now is opened when it is needed: nothing of this may keep intake closed.
    func resume() async
    /// Whether it stores nothing of what it reads. Then it may read on where nobody knows yet what will be durable.
    var onlyAnswers: Bool { get }
}

extension LedgerFollower {
    var onlyAnswers: Bool { false }
}

/// Reads of committed artifacts, on a thread of their own, so that no query ever waits for a commit or delays one.
package actor LedgerQueries: LedgerFollower {
    private nonisolated let thread: WorkerThread
    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
    nonisolated var onlyAnswers: Bool { true }
    private let place: LedgerPlace
    private let pins: SnapshotPins?
    private var reader: LedgerReader?
    private var isSuspended = false
    private var whenResumed: [CheckedContinuation<Void, Never>] = []

    init(_ place: sending LedgerPlace, thread: WorkerThread, pins: SnapshotPins? = nil) throws(LedgerError) {
        self.place = place
        self.pins = pins
        self.thread = thread
        reader = try LedgerReader(place)
    }

    /// At a state version, or (nil) the newest.
    package func list(before: UInt64, limit: Int, at version: UInt64?) throws(LedgerError) -> Proto.ListArtifactsReply {
        let found = try open().list(before: before, limit: limit, at: version)
        if let version { pins?.hold(version) }
        return found
    }

    /// What holds of an artifact now.
    package func artifact(_ id: UInt64, withContent: Bool) throws(LedgerError) -> Proto.GetArtifactReply? {
        try open().artifact(id, withContent: withContent)
    }

    /// Nil: no such artifact, or no such variant of it.
    package func artifact(_ id: UInt64, _ get: Proto.GetArtifact) throws(LedgerError) -> Proto.GetArtifactReply? {
        let reader = try open()
        let ownContent = get.withContent && get.variant == nil
        let version = get.atVersion == 0 ? nil : get.atVersion
        guard var reply = try reader.artifact(id, withContent: ownContent, at: version) else { return nil }
        if let version { pins?.hold(version) }
        if get.withContent, let variant = get.variant {
            guard let bytes = try reader.variant(variant, ofArtifact: id) else { return nil }
            reply.content = bytes
        }
        if get.withVariants { reply.variants = try reader.variants(of: id) }
        return reply
    }

    package func artifacts(_ ids: [UInt64]) throws(LedgerError) -> [UInt64: Proto.ArtifactInfo] {
        try open().artifacts(ids)
    }

    package func versions(
        of id: UInt64, after number: UInt32, limit: Int
    ) throws(LedgerError) -> Proto.ArtifactHistoryReply? {
        try open().versions(of: id, after: number, limit: limit)
    }

    /// One artifact, who owns its content, and how its digests were made; its sightings stand elsewhere.
    package func identity(of id: UInt64) throws(LedgerError) -> Proto.ArtifactSightingsReply? {
        let reader = try open()
        guard let found = try reader.artifact(id, withContent: false), let key = try reader.key(of: id) else {
            return nil
        }
        let home = try reader.home(of: id) ?? id
        return Proto.ArtifactSightingsReply(
            artifact: found.artifact, contentHome: home == id ? 0 : home, algorithm: key.algorithm,
            unicode: key.unicode, key: key.secret[...])
    }

    package func missing() throws(LedgerError) -> [Proto.MissingRange] { try open().missing() }

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
