import Lifecycle
package import Model
import Storage
import Synchronization
package import Telemetry
package import Wire

/// The orchestrator as others call it: from any thread, without waiting.
package final class OrchestratorService: Sendable {
    private let thread: WorkerThread
    let owner: OrchestratorActor
    private let inbox: Inbox<OrchestratorInput>
    private let board = OrchestratorBoard()

    /// Opens (or makes) the database. `perform` is called on the orchestrator's thread with what each turn decided,
    /// once that is durable.
    package init(
        path: String, configuration: OrchestratorConfiguration, time: any TimeSource, log: Logger,
        perform: @escaping @Sendable ([OrchestratorEffect]) -> Void
    ) throws {
        thread = try WorkerThread(name: "orchestrator")
        do {
            owner = try OrchestratorActor(
                path: path, configuration: configuration, thread: thread, board: board, time: time, log: log,
                perform: perform)
        } catch {
            thread.stop()
            throw error
        }
        inbox = Inbox(on: thread, bound: Limits.orchestratorQueueBytes) { [owner] inputs in
            owner.assumeIsolated { $0.take(inputs) }
        }
    }

    /// Always taken: for what is not a peer's to repeat at will.
    package func submit(_ input: OrchestratorInput) { inbox.append(input) }

    /// False when too many bytes of requests wait already; nothing has changed then.
    package func offer(_ input: OrchestratorInput, bytes: Int) -> Bool { inbox.offer(input, weight: bytes) }

    /// What the last turn left, in constant time.
    package var status: OrchestratorStatus { board.status }

    package var nodes: [Proto.NodeInfo] { get async { await owner.nodes } }

    /// `body` is called with the receipt position: now, and again whenever the core had to be built anew from its
    /// database, when connections and receipts must be given to it afresh.
    package func onStart(_ body: @escaping @Sendable (UInt64) -> Void) async { await owner.onStart(body) }

    /// Takes what was submitted before, then closes the database and ends the thread.
    package func stop() async {
        await owner.close()
        thread.stop()
    }
}

/// The latest status, written by the orchestrator's thread and read by anyone.
final class OrchestratorBoard: Sendable {
    private let latest = Mutex(OrchestratorStatus())

    var status: OrchestratorStatus { latest.withLock { $0 } }

    func alert(_ sentence: String) { latest.withLock { $0.alerts.append(sentence) } }

    func publish(_ status: OrchestratorStatus) { latest.withLock { $0 = status } }
}
