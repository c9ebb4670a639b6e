import Glibc
import Lifecycle
import Model
import Synchronization
import Telemetry
import TestKit
import Testing

/// Says in one log what all of them do.
private final class Diary: Sendable {
    private let lines = Mutex<[String]>([])
    func note(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
}

private struct Refusal: Error, CustomStringConvertible { var description: String { "no luck" } }

private struct FakeService: Service {
    enum Behaviour { case good, failing, stubborn, stuck, starting }
    let name: String
    let diary: Diary
    var behaviour = Behaviour.good
    var whenStarted: @Sendable () -> Void = {}

    func start() async throws {
        defer { whenStarted() }
        switch behaviour {
        case .failing: throw Refusal()
        case .starting: await untilCancelled()
        case .good, .stubborn, .stuck: diary.note("start \(name)")
        }
    }

    func stop() async {
        switch behaviour {
        case .stubborn: await untilCancelled()
        case .stuck: await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
        case .good, .failing, .starting: break
        }
        diary.note("stop \(name)")
    }
}

@Suite struct ServiceGroupTests {
    private let diary = Diary()
    private let capture = LogCapture()
    private let stop = StopRequest()

    /// Spans in `elapsed` are over at once, all others never.
    private func group(_ services: [FakeService], elapsed: [Model.Span] = []) -> ServiceGroup {
        var deadlines = ServiceGroup.Deadlines()
        (deadlines.start, deadlines.graceful, deadlines.cancelled) = (.seconds(3), .seconds(2), .seconds(1))
        let log = Logger(level: .info, sink: capture, time: ManualTime())
        return ServiceGroup(services, deadlines: deadlines, log: log) { span in
            if !elapsed.contains(span) { await untilCancelled() }
        }
    }

    private func service(_ name: String, _ behaviour: FakeService.Behaviour = .good) -> FakeService {
        FakeService(name: name, diary: diary, behaviour: behaviour)
    }

    /// Once started, the process shall end.
    private func last(_ name: String, _ behaviour: FakeService.Behaviour = .good) -> FakeService {
        var service = service(name, behaviour)
        service.whenStarted = { [stop] in stop.make(.finished) }
        return service
    }

    @Test func `Services start in order and stop in reverse`() async throws {
        let outcome = try await group([service("ledger"), last("listener")]).run(until: stop)
        #expect(outcome == .init(reason: .finished))
        #expect(diary.all == ["start ledger", "start listener", "stop listener", "stop ledger"])
    }

    @Test func `What follows a wish to stop is not started`() async throws {
        let outcome = try await group([last("ledger"), service("listener")]).run(until: stop)
        #expect(outcome == .init(reason: .finished))
        #expect(diary.all == ["start ledger", "stop ledger"])
    }

    @Test func `What was started is stopped when a start fails`() async {
        let group = group([service("ledger"), service("listener"), service("feed", .failing), service("late")])
        do throws(ServiceError) {
            _ = try await group.run(until: stop)
            Issue.record("the group started")
        } catch {
            #expect(error.description == "cannot start feed: no luck")
        }
        #expect(diary.all == ["start ledger", "start listener", "stop listener", "stop ledger"])
        #expect(capture.lines == [#"error service did not start service=feed error="cannot start feed: no luck""#])
    }

    @Test func `A start that takes too long is an error`() async {
        do throws(ServiceError) {
            _ = try await group([service("slow", .starting)], elapsed: [.seconds(3)]).run(until: stop)
            Issue.record("the group started")
        } catch {
            #expect(error.description == "cannot start slow: it was not ready within 3.0 s")
        }
    }

    @Test func `A service that does not stop is cancelled`() async throws {
        let outcome = try await group([last("stubborn", .stubborn)], elapsed: [.seconds(2)]).run(until: stop)
        #expect(outcome == .init(reason: .finished))
        #expect(diary.all == ["start stubborn", "stop stubborn"])
        #expect(
            capture.lines == [
                "info stopping reason=finished", "warning service is slow to stop; cancelling it service=stubborn",
            ])
    }

    @Test func `A service that stops for nothing is left behind`() async throws {
        let group = group([last("stuck", .stuck)], elapsed: [.seconds(2), .seconds(1)])
        #expect(try await group.run(until: stop) == .init(reason: .finished, abandoned: ["stuck"]))
        #expect(capture.lines.last == "error service did not stop; leaving it behind service=stuck")
    }

    @Test func `The first reason to stop stands`() async {
        stop.make(.failure(service: "ledger", message: "disk full"))
        stop.make(.signal("SIGINT"))
        #expect(await stop.made() == .failure(service: "ledger", message: "disk full"))
    }

    @Test func `Readiness names what is missing`() {
        let readiness = Readiness(parts: ["ledger", "listener"])
        #expect(readiness.reasons == ["ledger: starting", "listener: starting"])
        readiness.ready("ledger")
        readiness.notReady("listener", "stopping")
        #expect(readiness.reasons == ["listener: stopping"])
        readiness.ready("listener")
        #expect(readiness.isReady)
    }
}

/// Signals belong to the whole process, so each test has a process of its own.
@Suite struct SignalTests {
    @Test func `The first signal asks to stop, the second ends the process at once`() async {
        await #expect(processExitsWith: .exitCode(128 + SIGTERM)) {
            let stop = StopRequest()
            let signals = try Signals(stop: stop)
            kill(getpid(), SIGINT)
            guard await stop.made() == .signal("SIGINT") else { exit(1) }
            kill(getpid(), SIGTERM)
            await untilCancelled()
            withExtendedLifetime(signals) {}
        }
    }

    @Test func `A closed pipe does not kill the process`() async {
        await #expect(processExitsWith: .exitCode(EPIPE)) {
            let signals = try Signals(stop: StopRequest())
            var ends: [Int32] = [0, 0]
            pipe(&ends)
            close(ends[0])
            let result = write(ends[1], "x", 1)
            let code = errno
            signals.cancel()
            exit(result < 0 ? code : 0)
        }
    }

    @Test func `After cancel a signal has its default effect`() async {
        await #expect(processExitsWith: .signal(SIGTERM)) {
            try Signals(stop: StopRequest()).cancel()
            kill(getpid(), SIGTERM)
            await untilCancelled()
        }
    }
}

private func untilCancelled() async {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    await withTaskCancellationHandler {
        for await _ in stream {}
    } onCancel: {
        continuation.finish()
    }
}
