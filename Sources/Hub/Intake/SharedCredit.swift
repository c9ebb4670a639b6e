import Model
import Synchronization

/// What all senders of a process may have unacked together. Beside many others each is told less than alone, so that
/// what waits for the ledger still lies in the processor's cache when its turn comes, and no ack waits for long.
package final class SharedCredit: Sendable {
    private let senders = Atomic<Int>(0)

    package init() {}

    /// What each of those that send now may have unacked.
    package var share: UInt32 { SharedCredit.share(among: senders.load(ordering: .relaxed)) }

    /// What each may begin with when all that are connected might send: the first ack tells who does.
    package static func share(among senders: Int) -> UInt32 {
        UInt32(min(max(Limits.sharedCredit / max(1, senders), Limits.leastCredit), Limits.credit))
    }

    func began() { senders.add(1, ordering: .relaxed) }
    func ended() { senders.subtract(1, ordering: .relaxed) }
}
