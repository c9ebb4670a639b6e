import Model

/// The collections that run, and their time. Pure.
struct Collections {
    struct Collection {
        var lease: LeaseRef
        var startedAt: Instant
        var span: Span
        var deadline: Instant
        var items: UInt32 = 0
        var last: SpoolPlace?
        var progress: UInt64 = 0
        var renewedAt: UInt64 = 0  // progress, when renewal was last asked for
        var isRenewing = false

        /// Renewal is due from half time on, and only for one that gets on or cannot help it.
        func renewalDue(isHeldUp: Bool) -> Instant? {
            guard !isRenewing, progress > renewedAt || isHeldUp, deadline.nanoseconds > span.nanoseconds / 2 else {
                return nil
            }
            return Instant(nanoseconds: deadline.nanoseconds - span.nanoseconds / 2)
        }
    }

    private(set) var running: [UInt64: Collection] = [:]
    /// Collectors that wait for room, first come first.
    private(set) var waiting: [UInt64] = []
    /// Whoever waits for room waits for a coordinator that is away.
    var areHeldUp = false

    var count: Int { running.count }

    subscript(lease: UInt64) -> Collection? { running[lease] }

    mutating func start(_ lease: LeaseRef, span: Span, now: Instant) {
        running[lease.lease] = Collection(lease: lease, startedAt: now, span: span, deadline: now + span)
        waiting.append(lease.lease)
    }

    mutating func remove(_ lease: UInt64) -> Collection? {
        waiting.removeAll { $0 == lease }
        return running.removeValue(forKey: lease)
    }

    mutating func yielded(_ lease: UInt64, items: Int, last: SpoolPlace?) {
        running[lease]?.items += UInt32(clamping: items)
        running[lease]?.progress += 1
        if let last { running[lease]?.last = last }
        if !waiting.contains(lease) { waiting.append(lease) }
    }

    mutating func progressed(_ lease: UInt64) { running[lease]?.progress += 1 }

    /// Its time starts anew.
    mutating func extend(_ lease: UInt64, by span: Span, now: Instant) {
        running[lease]?.span = span
        running[lease]?.deadline = now + span
        running[lease]?.isRenewing = false
    }

    mutating func renewing(_ lease: UInt64) {
        guard var collection = running[lease] else { return }
        collection.isRenewing = true
        collection.renewedAt = collection.progress
        running[lease] = collection
    }

    /// What was asked is not answered any more.
    mutating func disconnected() {
        for lease in running.keys { running[lease]?.isRenewing = false }
    }

    mutating func takeWaiting() -> [UInt64] {
        defer { waiting = [] }
        return waiting
    }

    func expired(now: Instant) -> [Collection] { inOrder { $0.deadline <= now } }

    func renewable(now: Instant) -> [Collection] { inOrder { renewalDue($0).map { $0 <= now } ?? false } }

    private func renewalDue(_ collection: Collection) -> Instant? {
        collection.renewalDue(isHeldUp: areHeldUp && waiting.contains(collection.lease.lease))
    }

    /// By lease, so that a history can be replayed.
    func inOrder(where isWanted: (Collection) -> Bool = { _ in true }) -> [Collection] {
        running.values.filter(isWanted).sorted { $0.lease.lease < $1.lease.lease }
    }

    var nextDeadline: Instant? {
        running.values.map { collection in min(collection.deadline, renewalDue(collection) ?? collection.deadline) }
            .min()
    }
}
