package import Model
import Storage

/// A whole cluster in one process, from one seed: the product's own machines, SQL and SQLite; time, network, randomness
/// and the disks below SQLite are replaced.
package final class Simulation {
    package let seed: UInt64
    /// The planted bug to run with, in a build that has them.
    let bug: String?
    let plan: Plan
    let site: Site
    var random: SeededRandom
    private(set) var now = Instant(nanoseconds: 1_000_000_000)
    private var queue = EventQueue()
    private var trace = Trace()
    private var coverage = Coverage()
    private(set) var violation: Violation?
    private var busy: (second: UInt64, events: Int) = (0, 0)

    private(set) lazy var network = Network(self, clients: plan.nodes + 1)
    private(set) lazy var oracle = Oracle(self, nodes: plan.nodes)
    private(set) lazy var hub = HubProcess(self)
    private(set) lazy var nodes = (0..<plan.nodes).map { NodeProcess(self, number: $0) }
    private(set) lazy var submitter = OperatorProcess(self, number: plan.nodes)

    /// Events in one virtual second beyond which somebody runs in circles.
    private static let eventsInASecond = 100_000

    package init(seed: UInt64, bug: String? = nil, reader: ((String) -> Void)? = nil) {
        self.seed = seed
        self.bug = bug
        random = SeededRandom(seed: seed)
        plan = Plan(&random)
        site = Site(plan, seed: random.next())
        trace.reader = reader
    }

    // MARK: Time

    func after(_ span: Span, _ body: @escaping () -> Void) { at(now + span, body) }

    func at(_ instant: Instant, _ body: @escaping () -> Void) {
        queue.push(at: max(instant, now), tie: random.next() >> 8, body)
    }

    /// Lets time pass until the moment, the end of all events, or a violation.
    func run(until end: Instant) {
        while violation == nil, let next = queue.next, next <= end, let event = queue.pop() {
            now = event.at
            let second = now.nanoseconds / 1_000_000_000
            busy = second == busy.second ? (second, busy.events + 1) : (second, 1)
            if busy.events > Simulation.eventsInASecond {
                fail(.progress, "more than \(Simulation.eventsInASecond) events in second \(second): a busy loop")
            }
            event.action()
        }
        now = max(now, end)
    }

    /// Lets time pass in steps until the condition holds. False when it does not within the span.
    func run(for span: Span, until isDone: () -> Bool) -> Bool {
        let end = now + span
        while violation == nil, now < end {
            if isDone() { return true }
            run(until: now + .milliseconds(500))
        }
        return violation == nil && isDone()
    }

    // MARK: What is noted

    func note(_ event: StaticString, _ a: UInt64 = 0, _ b: UInt64 = 0, _ words: () -> String = { "" }) {
        trace.note(now, event, a, b, words)
    }

    func count(_ occurrence: Occurrence, _ times: UInt64 = 1) { coverage.add(occurrence, times) }

    /// The first violation ends the run.
    func fail(_ invariant: Invariant, _ detail: String) {
        guard violation == nil else { return }
        violation = Violation(invariant: invariant, detail: detail)
        note("violation") { violation?.description ?? "" }
    }

    var report: RunReport {
        RunReport(
            seed: seed, violation: violation, traceHash: trace.hash, events: trace.events, coverage: coverage,
            virtualTime: now.since(.zero))
    }
}

/// What one seed came to.
package struct RunReport: Sendable {
    package var seed: UInt64
    package var violation: Violation?
    package var traceHash: UInt64
    package var events: UInt64
    package var coverage: Coverage
    package var virtualTime: Span
}
