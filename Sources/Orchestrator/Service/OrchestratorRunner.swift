import Lifecycle
import Model
import Storage

/// Owns the core on its thread: turns, timers, and nothing else.
actor OrchestratorRunner {
    struct Setup: Sendable {
        let path: String
        let options: DatabaseOptions
        let configuration: OrchestratorConfiguration
        let random: any RandomSource
        let time: any TimeSource
        let perform: @Sendable ([OrchestratorEffect]) -> Void
        let failed: @Sendable (StorageError) -> Void
    }

    private nonisolated let thread: WorkerThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
    private let setup: Setup
    private(set) var core: OrchestratorCore?

    init(on thread: WorkerThread, _ setup: Setup) {
        self.thread = thread
        self.setup = setup
    }

    func open() throws(StorageError) {
        let database = try Database.open(path: setup.path, access: .writer, options: setup.options)
        core = try OrchestratorCore(
            database: database, configuration: setup.configuration, random: setup.random, now: setup.time.now(),
            wall: setup.time.wall())
        turn([.tick])
    }

    func close() {
        thread.clearWake()
        core?.database.close()
        core = nil
    }

    /// Everything that waits, as one transaction. Without a core, before the start or after the end, it is dropped.
    func turn(_ inputs: [OrchestratorInput]) {
        guard let core else { return }
        do throws(StorageError) {
            let effects = try core.turn(inputs, now: setup.time.now(), wall: setup.time.wall())
            if !effects.isEmpty { setup.perform(effects) }
            guard let deadline = core.nextDeadline else { return thread.clearWake() }
            thread.setWake(at: deadline) { [self] in assumeIsolated { $0.turn([.tick]) } }
        } catch {
            close()
            setup.failed(error)
        }
    }
}
