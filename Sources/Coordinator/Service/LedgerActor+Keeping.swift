import Model

/// What the ledger's long life asks of its thread: other names for what is stored, less of its history.
extension LedgerActor {
    /// Begins a change of the dedup secret, or says how far the one of this request is.
    func rekey(request: [UInt8]) throws(LedgerError) -> KeyState {
        if ledger.keys.requestKey == request { return ledger.keys }
        guard intake == .open else { throw .unavailable(intake.sentence) }
        if let change = ledger.keys.change {
            throw .rekey(
                "the dedup secret is being changed already: \(change.done) of \(change.end) artifacts are named anew; "
                    + "wait until rookery status says that it is done")
        }
        do throws(LedgerError) {
            let next = try secrets.makeNext()
            try ledger.beginChange(to: next.id, rawSeed: secrets.ring.current.rawSeed, request: request)
            try secrets.follow(ledger)
            publish()
        } catch {
            failed(error)
            throw error
        }
        return ledger.keys
    }

    /// The state of the keys, and nil while nothing may be written.
    var changeUnderWay: KeyChange? { intake == .open ? ledger.keys.change : nil }

    /// Stores new names, and retires the secret before once there are no others. True: there is more to do.
    func rename(_ segments: [RenamedSegment], done: UInt64) throws(LedgerError) -> Bool {
        guard intake == .open else { return false }
        do throws(LedgerError) {
            try ledger.rename(segments, done: done)
            if let change = ledger.keys.change, change.done >= change.end {
                try ledger.endChange()
                try secrets.follow(ledger)
            }
        } catch {
            failed(error)
            throw error
        }
        publish()
        noteBytes(segments.reduce(0) { $0 + $1.packed.count })
        return ledger.keys.change != nil
    }

    /// Takes a stretch of history out of the log, if it is still as it was read. True: it was.
    func compact(_ plan: CompactionPlan) throws(LedgerError) -> Bool {
        guard intake == .open else { return false }
        do throws(LedgerError) {
            guard try ledger.compact(plan) else { return false }
        } catch {
            failed(error)
            throw error
        }
        publish()
        noteBytes(plan.bytes)
        return true
    }

    var historyEnd: (compaction: Compaction, head: LedgerHead)? {
        intake == .open ? (ledger.compaction, ledger.head) : nil
    }
}
