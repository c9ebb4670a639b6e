import Coordinator
import Model
import Orchestrator
import Synchronization
import Telemetry
import Transport
import Wire

/// Between the two roles of a hub: carries the orchestrator's effects to connections and to the ledger.
final class ReceiptBridge: Sendable {
    private let directory: Directory
    private let coordinator: CoordinatorService
    private let log: Logger
    private let context = Mutex<HubContext?>(nil)

    init(directory: Directory, coordinator: CoordinatorService, log: Logger) {
        self.directory = directory
        self.coordinator = coordinator
        self.log = log
    }

    /// The context holds the orchestrator, whose effects come here: so it comes after both are made.
    func connect(_ context: HubContext) { self.context.withLock { $0 = context } }
}
