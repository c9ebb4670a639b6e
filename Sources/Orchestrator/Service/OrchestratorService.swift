package import Lifecycle
package import Model
package import Storage
package import Wire

/// The orchestrator as a part of a process: its core on a thread of its own, one turn for everything that waits.
package struct OrchestratorService: Service {
    package let name = "orchestrator"
    private let thread: WorkerThread
    private let runner: OrchestratorRunner
    private let inbox: Inbox<OrchestratorInput>

    /// `perform` is called on the orchestrator's thread after each commit, with effects in their order; it must not
    /// block. `failed` is called once, when the database has failed: what was given since the last effects may be
    /// stored or not, and nothing more is taken.
    package init(
        path: String, options: DatabaseOptions = DatabaseOptions(), configuration: OrchestratorConfiguration,
        random: any RandomSource = SystemRandom(), time: any TimeSource = SystemTime(),
        perform: @escaping @Sendable ([OrchestratorEffect]) -> Void,
        failed: @escaping @Sendable (StorageError) -> Void
    ) throws(ThreadError) {
        let thread = try WorkerThread(name: "orchestrator")
        let runner = OrchestratorRunner(
            on: thread,
            OrchestratorRunner.Setup(
                path: path, options: options, configuration: configuration, random: random, time: time,
                perform: perform, failed: failed))
        self.thread = thread
        self.runner = runner
        inbox = Inbox(on: thread) { inputs in runner.assumeIsolated { $0.turn(inputs) } }
    }

    /// Opens the database and reads it. Inputs that came before are lost; what was pending on disk is performed.
    package func start() async throws { try await runner.open() }

    /// Takes what waits, closes the database, ends the thread.
    package func stop() async {
        await runner.close()
        thread.stop()
    }

    /// From any thread, in order, never refused: connections bound what they let in.
    package func take(_ input: OrchestratorInput) { inbox.append(input) }

    package func take(contentsOf inputs: [OrchestratorInput]) { inbox.append(contentsOf: inputs) }

    /// Nil while it does not serve.
    package func status() async -> OrchestratorStatus? { await ask { $0.status() } }

    /// Every node that was ever registered; nil while it does not serve.
    package func nodes() async -> [Proto.NodeInfo]? { await ask { $0.nodes() } }

    /// The position from which receipts are wanted; nil while it does not serve.
    package func receiptPosition() async -> UInt64? { await ask { $0.receiptPosition } }

    /// An actor's call would wait for ever on a thread that has ended.
    private func ask<T: Sendable>(_ question: @escaping @Sendable (OrchestratorCore) -> T) async -> T? {
        await withCheckedContinuation { continuation in
            let taken = thread.execute {
                runner.assumeIsolated { continuation.resume(returning: $0.core.map(question)) }
            }
            if !taken { continuation.resume(returning: nil) }
        }
    }
}
