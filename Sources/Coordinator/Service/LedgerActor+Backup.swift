import Model
import Storage
import Synchronization
import Wire

/// What backups and restored copies ask of the ledger's thread.
extension LedgerActor {
    /// Where a node's streams stand here; an error where it knows of more than is stored, which closes intake.
    func admit(_ streams: [Proto.StreamPosition], node: String) throws(LedgerError) -> [UInt64] {
        if case .behind(let reason) = intake { throw .behind(reason) }
        var applied: [UInt64] = []
        for position in streams {
            let standing = try stand(position, node)
            switch standing {
            case .applied(let last): applied.append(last)
            case .behind(let reason):
                refuseWork(reason)
                throw .behind(reason)
            }
        }
        return applied
    }

    private func stand(_ position: Proto.StreamPosition, _ node: String) throws(LedgerError) -> StreamStanding {
        let last = ledger.lastApplied(stream: position.stream)
        guard position.firstUnacked > last + 1 else { return .applied(last) }
        guard intake == .open else { throw .unavailable(intake.sentence) }
        do throws(LedgerError) {
            let standing = try ledger.resume(
                stream: position.stream, node: node, firstUnacked: position.firstUnacked, now: time.wall())
            publish()
            return standing
        } catch {
            failed(error)
            throw error
        }
    }

    func refuseWork(_ reason: String) { move(to: .behind(reason: reason)) }

    /// Copies the ledger while it goes on, a piece between any two groups; says what the copy holds.
    func copy(to path: String) async throws(LedgerError) -> LedgerCopy {
        guard backup == nil else { throw .backup("another backup is under way") }
        let copy = try ledger.copy(to: path)
        backup = copy
        defer { backup = nil }
        while !(try storing { () throws(StorageError) in try copy.step(pages: LedgerActor.pagesAStep) }) {
            copied.withLock { $0 = copy.bytes }
            await Task.yield()
        }
        // The secrets that this copy needs, as of this moment: a change of them may go on meanwhile.
        return LedgerCopy(
            version: ledger.head.stateVersion, bytes: copy.bytes, current: secrets.current,
            next: ledger.keys.change == nil ? nil : secrets.next)
    }
}

/// A copy of the ledger, and the secrets without which it is of no use.
package struct LedgerCopy: Sendable {
    package var version: UInt64
    package var bytes: UInt64
    package var current: DedupSecret
    /// The one that was about to take the other's place.
    package var next: DedupSecret?
}
