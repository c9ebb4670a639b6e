import Coordinator
import Model
import Telemetry

/// The coordinator in the orchestrator's own process.
struct CoordinatorHere: CoordinatorAccess {
    let coordinator: CoordinatorService
    let log: Logger

    func followReceipts(after position: UInt64, _ give: @escaping @Sendable (ReceiptPage) -> Void) {
        Task { [coordinator] in await coordinator.followReceipts(after: position, give) }
    }

    func followRatings(_ give: @escaping @Sendable ([NodeRating]) -> Void) { coordinator.ratings.follow(give) }

    /// It asks the orchestrator itself.
    func receiptsRead(to position: UInt64) {}

    func enforce(_ order: QuotaOrder) async -> Bool {
        await coordinator.setQuotas(order)
        return true
    }

    func markLate(_ leases: [LeaseRef]) async -> Bool {
        do throws(LedgerError) {
            try await coordinator.markLate(leases)
            return true
        } catch {
            log.warning("late leases could not be marked yet", ["error": .of(error)])
            return false
        }
    }
}
