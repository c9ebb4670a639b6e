import Model

/// A submission's place: its key and its chunk.
struct SubmissionPlace: Hashable, Sendable {
    var key: [UInt8]
    var chunk: UInt64
}

/// What one turn has changed and must store, made from memory when the turn ends, each thing once.
struct Changes: Sendable {
    var specs = Touched<TargetNumber>()
    /// Targets from this one on are new, and have no row yet.
    var firstCreated = TargetNumber.max
    var progress = Touched<TargetNumber>()
    var leases = Touched<UInt64>()
    var nodes = Touched<NodeNumber>()
    var nodeCounters = Touched<NodeNumber>()
    var bookmarks: [TargetNumber: [UInt8]] = [:]
    var notices: [LeaseRef] = []
    /// Encoded replies, in the order of their requests.
    var submissions: [(place: SubmissionPlace, reply: [UInt8])] = []
    var submissionsExpire = false
    /// In the order in which they were made; of one key the last counts, and nil says that it is there no more.
    var records: [(key: RecordKey, value: [UInt8]?)] = []
    var decisions: [Decision] = []
    var totals = false

    var isEmpty: Bool {
        specs.isEmpty && decisions.isEmpty && progress.isEmpty && leases.isEmpty && nodes.isEmpty
            && nodeCounters.isEmpty && records.isEmpty && bookmarks.isEmpty && notices.isEmpty && submissions.isEmpty
            && !submissionsExpire
            && !totals
    }

    mutating func removeAll() {
        specs.removeAll()
        firstCreated = .max
        progress.removeAll()
        leases.removeAll()
        nodes.removeAll()
        nodeCounters.removeAll()
        bookmarks.removeAll(keepingCapacity: true)
        notices.removeAll(keepingCapacity: true)
        submissions.removeAll()
        records.removeAll(keepingCapacity: true)
        decisions.removeAll(keepingCapacity: true)
        submissionsExpire = false
        totals = false
    }
}
