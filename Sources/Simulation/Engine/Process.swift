import Model

/// One process of the cluster on a machine of its own: it lives, may stand still, dies, and starts again. What it
/// scheduled for itself dies with it.
class Process {
    unowned let simulation: Simulation
    let name: String
    private(set) var isUp = false
    private(set) var life: UInt64 = 0
    private var isPaused = false
    private var postponed: [() -> Void] = []
    /// The simulation's time at which this machine's monotonic clock stood at zero.
    private var origin: Instant
    var wallOffset: Int64 = 0

    static let epoch: Int64 = 1_700_000_000_000

    init(_ simulation: Simulation, name: String) {
        self.simulation = simulation
        self.name = name
        origin = .zero
    }

    // MARK: Clocks

    var now: Instant { Instant(nanoseconds: simulation.now.nanoseconds - origin.nanoseconds) }

    var wall: WallTime {
        WallTime(milliseconds: Process.epoch + Int64(simulation.now.nanoseconds / 1_000_000) + wallOffset)
    }

    // MARK: Scheduling

    /// Unless the process has died by then.
    func after(_ span: Span, _ body: @escaping () -> Void) {
        let life = life
        simulation.after(span) { [unowned self] in
            if self.life == life { act(body) }
        }
    }

    func at(_ instant: Instant, _ body: @escaping () -> Void) { after(instant.since(now), body) }

    /// Now, or when it goes on.
    func act(_ body: @escaping () -> Void) {
        if isPaused { postponed.append(body) } else { body() }
    }

    // MARK: Life

    func rise() {
        life += 1
        isUp = true
    }

    func fall() {
        life += 1
        isUp = false
        isPaused = false
        postponed = []
    }

    /// The machine itself starts anew, and its monotonic clock with it.
    func resetClock() { origin = simulation.now }

    func pause(for span: Span) {
        guard isUp, !isPaused else { return }
        isPaused = true
        let life = life
        simulation.after(span) { [unowned self] in
            guard self.life == life else { return }
            isPaused = false
            let bodies = postponed
            postponed = []
            for body in bodies where self.life == life { body() }
        }
    }
}

/// One thread of a process: when it is free it takes what waits, and what came of it is seen a little later.
final class Worker {
    private unowned let process: Process
    private var isBusy = false
    private var isCalled = false
    /// Does what waits. Nil when nothing does, or when the process died of it; otherwise what becomes visible after
    /// the time it took.
    var round: () -> (Span, () -> Void)? = { nil }

    init(_ process: Process) { self.process = process }

    func call() {
        guard !isBusy, !isCalled else { return }
        isCalled = true
        process.after(.microseconds(process.simulation.random.below(300))) { [unowned self] in
            isCalled = false
            work()
        }
    }

    private func work() {
        guard !isBusy, let (span, publish) = round() else { return }
        isBusy = true
        process.after(span) { [unowned self] in
            isBusy = false
            publish()
            call()
        }
    }

    /// The process has died, and a new one has this thread.
    func renew() {
        isBusy = false
        isCalled = false
    }
}
