import Model
import Testing

@testable import Orchestrator

@Suite struct TargetTests {
    static let timing = Timing(interval: .seconds(3_600), minRetry: .seconds(300))

    private func leased(_ timing: Timing = timing, by lease: UInt64 = 1) -> Target {
        var target = Target(id: id(1), timing: timing, priority: 5, state: .scheduled(due: wall(0)))
        #expect(target.fallDue(at: wall(0)) == true)
        target.lease(lease)
        return target
    }

    private func settled(_ settlement: Settlement, _ timing: Timing = timing, random: UInt64 = 0) -> Target {
        var target = leased(timing)
        target.settle(settlement, by: 0, others: true, at: wall(10), random)
        return target
    }

    @Test func `scheduled falls due at its time and not before`() {
        var target = Target(id: id(1), timing: Self.timing, priority: 5, state: .scheduled(due: wall(9)))
        #expect(target.fallDue(at: wall(8)) == false)
        #expect(target.wakes == wall(9))
        #expect(target.fallDue(at: wall(20)) == true)
        #expect(target.state == .due(since: wall(9)))
        #expect(target.wakes == nil)
    }

    @Test func `success and empty schedule it an interval later`() {
        let success = settled(.success)
        #expect(success.state == .scheduled(due: wall(3_610)))
        #expect(success.progress.successes == 1)
        #expect(success.progress.lastLease == 1)
        let empty = settled(.empty)
        #expect(empty.state == .scheduled(due: wall(3_610)))
        #expect(empty.progress.successes == 0)
        #expect(empty.progress.attempts == 1)
    }

    @Test func `once is done after a success or an empty collection, not after a failure`() {
        let once = Timing(.once, interval: .seconds(3_600), minRetry: .seconds(300))
        #expect(settled(.success, once).state == .done)
        #expect(settled(.empty, once).state == .done)
        #expect(settled(.failure(.target, error: "404", retryAfter: .zero), once).state == .retry(due: wall(310)))
    }

    @Test func `a retry waits between min_retry_interval and twice that after the first failure`() {
        let failure = Settlement.failure(.target, error: "503", retryAfter: .zero)
        #expect(settled(failure, random: 0).state == .retry(due: wall(310)))
        #expect(settled(failure, random: .max).state == .retry(due: wall(610)))
        #expect(settled(failure).progress.lastError == "503")
    }

    @Test func `a retry never comes before the source's own Retry-After, and that is bounded`() {
        let long = Settlement.failure(.target, error: "429", retryAfter: .seconds(7_200))
        #expect(settled(long).state == .retry(due: wall(7_210)))
        let absurd = Settlement.failure(.target, error: "429", retryAfter: Limits.maxInterval * 9)
        #expect(settled(absurd).state == .retry(due: wall(10) + Limits.maxInterval))
    }

    @Test func `backoff doubles with each failure in a row`() {
        var target = leased()
        for (failures, most) in zip(1...4, [600, 1_200, 2_400, 4_800] as [Int64]) {
            target.settle(.failure(.target, error: "", retryAfter: .zero), by: 0, others: true, at: wall(0), .max)
            #expect(target.state == .retry(due: wall(most)), "after \(failures)")
            #expect(target.fallDue(at: wall(most)) == true)
            target.lease(UInt64(failures) + 1)
        }
    }

    /// Fails the target by each node in turn and says where it stands after each.
    private func states(_ nodes: [NodeNumber], others: Bool, _ kind: FailureKind = .target) -> [TargetState] {
        var target = leased()
        return nodes.enumerated().map { place, node in
            target.settle(.failure(kind, error: "", retryAfter: .zero), by: node, others: others, at: wall(0), 0)
            let state = target.state
            if target.fallDue(at: wall(9_999_999)) { target.lease(UInt64(place) + 2) }
            return state == .dead ? .dead : .due(since: wall(0))
        }
    }

    @Test func `dead after five failures in a row on two nodes`() {
        #expect(states([0, 1, 0, 1, 0], others: true).firstIndex(of: .dead) == 4)
        #expect(states([0, 0, 0, 0, 0, 0, 1], others: true).firstIndex(of: .dead) == 6)
    }

    @Test func `one node is enough where no other has the capability`() {
        #expect(states([0, 0, 0, 0, 0], others: false).firstIndex(of: .dead) == 4)
    }

    @Test func `failures of the content never make it dead`() {
        #expect(!states(Array(repeating: 0, count: 9) + [1], others: false, .content).contains(.dead))
    }

    @Test func `a success between failures starts the count anew`() {
        var target = leased()
        for lease in 2...5 as ClosedRange<UInt64> {
            target.settle(.failure(.target, error: "", retryAfter: .zero), by: 0, others: false, at: wall(0), 0)
            #expect(target.fallDue(at: wall(9_999_999)) == true)
            target.lease(lease)
        }
        target.settle(.success, by: 0, others: false, at: wall(0), 0)
        #expect(target.progress.run == FailureRun())
        #expect(target.progress.avoid == nil)
    }

    @Test func `faults of ours are free: due at once, as old as before`() {
        var target = leased()
        target.release(failedBy: nil, at: wall(500))
        #expect(target.state == .due(since: wall(0)))
        #expect(target.progress == TargetProgress())
    }

    @Test func `given back at once the first time, then after one, two, four seconds`() {
        var target = leased()
        var waits: [WallTime?] = []
        for lease in 2...6 as ClosedRange<UInt64> {
            target.settle(.handedBack(error: "tool missing"), by: 3, others: true, at: wall(100), 0)
            waits.append(target.wakes)
            _ = target.fallDue(at: wall(1_000))
            target.lease(lease)
        }
        #expect(waits == [nil, wall(101), wall(102), wall(104), wall(108)])
        #expect(target.progress.avoid == 3)
        #expect(target.progress.run.ofTarget == 0)
    }

    @Test func `a lease whose time ran out counts against the node, not the target`() {
        var target = leased()
        target.release(failedBy: 4, at: wall(100))
        #expect(target.state == .due(since: wall(0)))
        #expect(target.progress.avoid == 4)
        #expect(target.progress.run.ofTarget == 0)
        #expect(target.progress.attempts == 1)
    }

    @Test func `a waiting target gains one step for each interval it is overdue, up to the top`() {
        var target = Target(id: id(1), timing: Self.timing, priority: 8, state: .scheduled(due: wall(0)))
        #expect(target.nextStep(at: wall(0)) == nil)
        _ = target.fallDue(at: wall(0))
        #expect(target.effectivePriority(at: wall(3_599)) == 8)
        #expect(target.nextStep(at: wall(3_599)) == wall(3_600))
        #expect(target.effectivePriority(at: wall(3_600)) == 9)
        #expect(target.effectivePriority(at: wall(99_999_999)) == 10)
        #expect(target.nextStep(at: wall(99_999_999)) == nil)
    }

    @Test func `operators move it only where the table says`() {
        let all: [TargetState] = [
            .scheduled(due: wall(5)), .due(since: wall(5)), .leased(lease: 1, since: wall(5)), .retry(due: wall(5)),
            .paused, .dead, .cancelled, .done,
        ]
        func after(_ operation: (inout Target) -> Bool) -> [TargetState] {
            all.map {
                var target = Target(id: id(1), timing: Self.timing, priority: 5, state: $0)
                let changed = operation(&target)
                #expect(changed == (target.state != $0))
                return target.state
            }
        }
        let now = TargetState.scheduled(due: wall(9))
        let paused = after { $0.pause() }
        let cancelled = after { $0.cancel() }
        let resumed = after { $0.resume(at: wall(9)) }
        let revived = after { $0.revive(at: wall(9)) }
        #expect(paused == [.paused, .paused, .paused, .paused, .paused, .dead, .cancelled, .done])
        #expect(cancelled == Array(repeating: .cancelled, count: 7) + [.done])
        #expect(resumed == Array(all[..<4]) + [now, .dead, .cancelled, .done])
        #expect(revived == Array(all[..<3]) + [now, .paused, now, .cancelled, .done])
    }

    @Test func `a shorter interval counts at once, a longer one after the wait that is running`() {
        var target = Target(id: id(1), timing: Self.timing, priority: 5, state: .scheduled(due: wall(1_000)))
        var timing = Self.timing
        #expect(target.reschedule(timing, at: wall(0)) == false)
        timing.interval = .seconds(60)
        #expect(target.reschedule(timing, at: wall(0)) == true)
        #expect(target.state == .scheduled(due: wall(60)))
        timing.interval = .seconds(7_200)
        #expect(target.reschedule(timing, at: wall(0)) == true)
        #expect(target.state == .scheduled(due: wall(60)))
    }

    @Test func `what is done comes back when it is given an interval`() {
        var target = Target(id: id(1), timing: Timing(.once), priority: 5, state: .done)
        #expect(target.reschedule(Self.timing, at: wall(3)) == true)
        #expect(target.state == .scheduled(due: wall(3)))
    }

    @Test func `a restart finds its lease again`() {
        var target = Target(id: id(1), timing: Self.timing, priority: 5, state: .retry(due: wall(7)))
        target.resumeLease(12)
        #expect(target.state == .leased(lease: 12, since: wall(7)))
    }

    @Test func `an event that its state does not know is our fault and traps`() async {
        await #expect(processExitsWith: .failure) {
            var target = Target(id: id(1), timing: Timing(), priority: 5, state: .paused)
            target.lease(1)
        }
        await #expect(processExitsWith: .failure) {
            var target = Target(id: id(1), timing: Timing(), priority: 5, state: .done)
            target.release(failedBy: nil, at: wall(0))
        }
    }
}

extension Target {
    /// With a random number that is known.
    fileprivate mutating func settle(
        _ settlement: Settlement, by node: NodeNumber, others: Bool, at now: WallTime, _ value: UInt64
    ) {
        var random: any RandomSource = FixedRandom(value: value)
        settle(settlement, by: node, others: others, at: now, &random)
    }
}
