import Model
import Wire

/// What memory holds, as the database keeps it: in the journal and in rows alike.
extension StoredFormat.Progress {
    init(of entry: TargetEntry, number: TargetNumber) {
        let target = entry.target
        let (state, due) = StoredState.of(target.state)
        let run = target.progress.run
        self.init(
            target: UInt64(number), state: UInt32(state.rawValue), due: due, attempts: target.progress.attempts,
            successes: target.progress.successes, targetFailures: run.ofTarget, contentFailures: run.ofContent,
            nodeFailures: run.ofNode, firstBlamed: run.firstBlamedBy.map { UInt64($0) },
            secondAgrees: run.secondAgrees, avoid: target.progress.avoid.map { UInt64($0) },
            lastError: target.progress.lastError, lastLease: target.progress.lastLease,
            paceMs: target.progress.pace.milliseconds, lastAttempt: target.progress.lastAttempt.milliseconds,
            lastSuccess: target.progress.lastSuccess.milliseconds,
            undecided: entry.trail.isKnown && entry.trail.count == 0)
    }

    var progress: TargetProgress {
        TargetProgress(
            attempts: attempts, successes: successes,
            run: FailureRun(
                ofTarget: targetFailures, ofContent: contentFailures, ofNode: nodeFailures,
                firstBlamedBy: firstBlamed.map { Int(clamping: $0) }, secondAgrees: secondAgrees),
            lastError: lastError, avoid: avoid.map { Int(clamping: $0) }, lastLease: lastLease,
            pace: .milliseconds(paceMs), lastAttempt: WallTime(milliseconds: lastAttempt),
            lastSuccess: WallTime(milliseconds: lastSuccess))
    }
}

extension StoredFormat.Lease {
    init(of lease: Lease) {
        self.init(
            number: lease.ref.lease, incarnation: lease.ref.fence.incarnation, target: UInt64(lease.target),
            node: UInt64(lease.node), stored: lease.tally.stored, duplicates: lease.tally.duplicates,
            unchanged: lease.tally.unchanged, refused: lease.tally.refused, receivedStream: lease.tally.stream,
            receivedSequence: lease.tally.lastSequence, corroborating: lease.tally.corroborating)
        guard case .delivering(let report, _) = lease.phase else { return }
        claim = UInt32(report.claim.rawValue)
        error = report.error
        stream = report.stream
        lastSequence = report.lastSequence
        retryAfterMs = report.retryAfter.milliseconds
    }

    var tally: ReceiptTally {
        ReceiptTally(
            stored: stored, duplicates: duplicates, corroborating: corroborating, unchanged: unchanged,
            refused: refused, stream: receivedStream, lastSequence: receivedSequence)
    }

    /// Nil: it collects.
    var report: LeaseReport? {
        LeaseReport.Claim(rawValue: UInt8(clamping: claim)).map {
            LeaseReport(
                claim: $0, error: error, stream: stream, lastSequence: lastSequence,
                retryAfter: .milliseconds(retryAfterMs))
        }
    }
}

/// How a state is stored. What is due or leased is stored as what it was before: its time, or its lease, tells.
enum StoredState: Int64 {
    case scheduled = 1
    case retry = 2
    case paused = 3
    case dead = 4
    case cancelled = 5
    case done = 6

    static func of(_ state: TargetState) -> (StoredState, due: Int64) {
        switch state {
        case .scheduled(let due): (.scheduled, due.milliseconds)
        case .due(let since), .leased(_, let since): (.scheduled, since.milliseconds)
        case .retry(let due): (.retry, due.milliseconds)
        case .paused: (.paused, 0)
        case .dead: (.dead, 0)
        case .cancelled: (.cancelled, 0)
        case .done: (.done, 0)
        }
    }
}
