package import Model
package import Wire

/// What a collector yields.
package enum CollectedItem: Sendable, Equatable {
    /// The artifact's digest will be kept under the mark, once the ledger has told it.
    case artifact(Proto.Artifact, mark: UInt64?)
    /// When the ledger does not know the digest, the mark is forgotten.
    case unchanged(Proto.Unchanged, mark: UInt64?)
    case bookmark([UInt8])

    var kind: Proto.Item.Kind {
        switch self {
        case .artifact(let artifact, _): .artifact(artifact)
        case .unchanged(let unchanged, _): .unchanged(unchanged)
        case .bookmark(let value): .bookmark(Proto.Bookmark(value: value[...]))
        }
    }

    var mark: UInt64? {
        switch self {
        case .artifact(_, let mark), .unchanged(_, let mark): mark
        case .bookmark: nil
        }
    }
}

/// How a collection ended.
package struct CollectionResult: Sendable, Equatable {
    package var kind: Proto.OutcomeKind
    package var error = ""
    package var status: UInt32 = 0
    package var retryAfter = Span.zero
    /// What the host asks for between two requests.
    package var crawlDelay = Span.zero
    /// What the host's name was resolved to.
    package var address = ""
    /// What each visited host said, as many as are heeded.
    package private(set) var hosts: [Proto.HostReport] = []

    package init(_ kind: Proto.OutcomeKind, error: String = "", status: UInt32 = 0, retryAfter: Span = .zero) {
        self.kind = kind
        self.error = error
        self.status = status
        self.retryAfter = retryAfter
    }

    /// Adds to what is known of a host: the longest wait it asked for, and its last refusal.
    mutating func note(
        _ host: String, status: Int = 0, retryAfter: Span = .zero, crawlDelay: Span = .zero, address: String = ""
    ) {
        let place = hosts.firstIndex { $0.host == host } ?? hosts.count
        if place == hosts.count {
            guard hosts.count < Limits.hostsReported else { return }
            hosts.append(Proto.HostReport(host: host))
        }
        if status == 429 || status == 503 {
            hosts[place].status = UInt32(status)
            hosts[place].retryAfterMs = max(hosts[place].retryAfterMs, UInt32(clamping: retryAfter.milliseconds))
        }
        hosts[place].crawlDelayMs = max(hosts[place].crawlDelayMs, UInt32(clamping: crawlDelay.milliseconds))
        if !address.isEmpty { hosts[place].address = address }
    }

    mutating func keep(hosts reports: [Proto.HostReport]) { hosts = reports }
}

/// What a lease left behind, until the orchestrator knows it and the ledger has its items.
package struct Outcome: Sendable, Equatable {
    package var lease: LeaseRef
    package var result: CollectionResult
    package var items: UInt32 = 0
    package var duration = Span.zero
    package var stream: UInt64 = 0
    package var lastSequence: UInt64 = 0
    /// Where its last item lies in the spool; 0: it has none.
    var lastPosition: UInt64 = 0
    var isAcknowledged = false

    var wire: Proto.LeaseOutcome {
        Proto.LeaseOutcome(
            lease: lease.lease, target: lease.target.bytes[...], fence: lease.fence.wire, kind: result.kind,
            error: result.error, stream: lastSequence == 0 ? 0 : stream, lastSequence: lastSequence, items: items,
            durationMs: UInt32(clamping: duration.milliseconds), status: result.status,
            retryAfterMs: UInt32(clamping: result.retryAfter.milliseconds),
            crawlDelayMs: UInt32(clamping: result.crawlDelay.milliseconds), address: result.address,
            hosts: result.hosts)
    }
}
