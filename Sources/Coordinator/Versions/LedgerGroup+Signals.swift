import Model
import Wire

extension LedgerGroup {
    /// A source said what may be done with content that is kept. Where the current version does not say that, there is
    /// a new one with the same claims, whoever brought it, and the change feed shows it. Saying nothing takes nothing
    /// back: not every collector hears it, and an answer that nothing has changed may leave it out.
    /// Returns the number of the new version; nil: nothing new was said.
    mutating func hear(_ signals: StringMap, of kept: StoredIdentity) throws(LedgerError) -> UInt32? {
        guard !signals.isEmpty, let records else { return nil }
        let standing = book.current(kept)
        let isPending = kept.id > firstNew || book.standings[kept.id] != nil
        if !isPending, records.knows(signals, of: kept.id, version: standing.version) { return nil }
        var current = try current(kept, records)
        let said = current.record.signals
        for pair in signals { current.record.signals[pair.key] = pair.value }
        guard current.record.signals != said, standing.version < .max else {
            if !isPending { records.note(signals, of: kept.id, version: standing.version) }
            return nil
        }
        return book.say(current.record, of: kept, rawCheck: kept.rawCheck, claimedAt: current.claimedAt)
    }

    private func current(_ kept: StoredIdentity, _ records: CurrentRecords) throws(LedgerError)
        -> CurrentRecords.Current
    {
        if let own = book.versions.last(where: { $0.artifact == kept.id }) {
            return CurrentRecords.Current(record: own.record, claimedAt: own.claimedAt)
        }
        if kept.id > firstNew {
            let own = stored[Int(kept.id - firstNew) - 1]
            let record = LedgerFormat.StoredArtifact(own.prepared.artifact, node: own.node, lease: own.lease)
            return CurrentRecords.Current(record: record, claimedAt: 0)
        }
        return try records.current(kept.id)
    }

    /// The highest id before this group's own.
    private var firstNew: UInt64 { head.stored - UInt64(stored.count) }
}
