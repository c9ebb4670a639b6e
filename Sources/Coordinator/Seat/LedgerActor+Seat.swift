import Model
import Wire

/// An orchestrator that asks for receipts, from a process of its own.
extension LedgerActor {
    /// Waits for what comes after a position.
    struct ReceiptQuestion {
        let after: UInt64
        let until: Instant
        let answer: @Sendable (Result<[ReceiptPage], LedgerError>) -> Void
    }

    var seat: OrchestratorSeat? { ledger.seat }

    /// Stored before anyone is told, so that it holds after a restart.
    func takeSeat(_ claim: Proto.Seat) throws -> OrchestratorSeat {
        let seat = try OrchestratorSeat.claim(
            claim, over: ledger.seat, cluster: ledger.identity.clusterID, version: ledger.head.stateVersion)
        guard seat != ledger.seat else { return seat }
        try store(seat)
        // It may be an older copy of the one before, which counts its decisions from there.
        ledger.quotas.forgetRevisions()
        return seat
    }

    func leaveSeat() throws(LedgerError) { try store(nil) }

    private func store(_ seat: OrchestratorSeat?) throws(LedgerError) {
        guard !ledger.needsRecovery else { throw .unavailable(intake.sentence) }
        do throws(LedgerError) {
            try ledger.setSeat(seat)
        } catch {
            failed(error)
            throw error
        }
        noteBytes(0)
    }

    /// An orchestrator that has read more receipts than the ledger has commits shows that one of them is an older copy.
    /// A restored ledger goes on with commits of the same numbers, so the first that comes is measured by what was
    /// restored.
    func admit(receiptsTo position: UInt64) throws(LedgerError) {
        let version = ledger.head.stateVersion
        let end = min(version, ledger.receiptsLimit ?? version)
        guard position <= end else {
            let reach = ledger.receiptsLimit == nil ? "ends" : "was restored"
            let remedy =
                ledger.seat == nil
                ? "stop the hub and run rookery restore --accept-loss --data DIR"
                : "stop both processes and run rookery restore --accept-loss --state-version \(end) --data DIR on the "
                    + "orchestrator's directory"
            refuseWork(
                "the orchestrator has read receipts up to state version \(position) but the ledger \(reach) at "
                    + "\(end): ledger.db is an older copy; restore a later backup, or \(remedy)")
            throw .behind(intake.sentence)
        }
        guard ledger.receiptsLimit != nil else { return }
        guard !ledger.needsRecovery else { throw .unavailable(intake.sentence) }
        do throws(LedgerError) {
            try ledger.liftReceiptsLimit()
        } catch {
            failed(error)
            throw error
        }
        noteBytes(0)
    }

    /// Answers with what comes after this position: at once where there is something, and after `wait` at the latest.
    func readReceipts(
        after position: UInt64, wait: Span, _ answer: @escaping @Sendable (Result<[ReceiptPage], LedgerError>) -> Void
    ) {
        question?.answer(.success([]))
        question = nil
        do throws(LedgerError) { try admit(receiptsTo: position) } catch { return answer(.failure(error)) }
        question = ReceiptQuestion(after: position, until: time.now() + wait, answer: answer)
        answerQuestion(toTheEnd: true)
        if question != nil { wakeAgain() }
    }

    /// After each commit, with what that brought, and when its time is up.
    func answerQuestion(_ fresh: ReceiptPage? = nil, toTheEnd: Bool = false) {
        guard let question, !isRecovering else { return }
        do throws(LedgerError) {
            let pages = try pages(after: question.after, fresh, toTheEnd: toTheEnd)
            guard !pages.isEmpty || question.until <= time.now() else { return }
            self.question = nil
            question.answer(.success(pages))
        } catch {
            self.question = nil
            question.answer(.failure(error))
        }
    }

    /// The thread's one wake-up is then for opening the ledger again.
    var isRecovering: Bool { if case .recovering = intake { true } else { false } }

    /// One page a commit: it is then either counted or not, wherever the reader stands.
    private func pages(
        after position: UInt64, _ fresh: ReceiptPage?, toTheEnd: Bool
    ) throws(LedgerError) -> [ReceiptPage] {
        if position == 0, let since = ledger.seat?.since, since > 0 {
            return [ReceiptPage(after: 0, position: since, receipts: [])]
        }
        var feed = ReceiptFeed(after: position)
        var pages: [ReceiptPage] = []
        var bytes = 0
        try feed.advance(
            fresh, from: ledger, toTheEnd: toTheEnd,
            while: { page in
                pages.append(page)
                bytes += page.receipts.reduce(0) { $0 + Limits.receiptBytes + ($1.bookmark?.count ?? 0) }
                return pages.count < Limits.receiptPages && bytes < Limits.receiptsAnswered
            })
        return pages
    }
}
