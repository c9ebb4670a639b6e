package import Model
package import Telemetry

/// Starts services in order, waits until the process shall end, and stops them in reverse: first gently, then by
/// cancelling, then not waiting any longer.
package struct ServiceGroup: Sendable {
    package struct Deadlines: Sendable {
        package var start = Span.minutes(5)
        /// From the wish to stop until the service's task is cancelled.
        package var graceful = Span.seconds(10)
        /// From there until the service is left behind.
        package var cancelled = Span.seconds(5)

        package init() {}
    }

    /// How stopping went.
    package struct Outcome: Equatable, Sendable {
        package var reason: StopRequest.Reason
        /// Services that did not end in time, in the order of their turns.
        package var abandoned: [String]

        package init(reason: StopRequest.Reason, abandoned: [String] = []) {
            self.reason = reason
            self.abandoned = abandoned
        }
    }

    package typealias Sleep = @Sendable (Span) async -> Void

    private let services: [any Service]
    private let deadlines: Deadlines
    private let log: Logger
    private let sleep: Sleep

    /// `sleep` returns after a span or when its task is cancelled.
    package init(
        _ services: [any Service], deadlines: Deadlines = Deadlines(), log: Logger,
        sleep: @escaping Sleep = { try? await Task.sleep(for: .nanoseconds($0.nanoseconds)) }
    ) {
        self.services = services
        self.deadlines = deadlines
        self.log = log
        self.sleep = sleep
    }

    /// Returns when everything has been stopped. When a start fails, what was started is stopped before the error is
    /// thrown; when `stop` is made meanwhile, the rest is not started.
    package func run(until stop: StopRequest) async throws(ServiceError) -> Outcome {
        var started: [any Service] = []
        for service in services where stop.reason == nil {
            do throws(ServiceError) {
                try await start(service)
            } catch {
                log.error("service did not start", ["service": .text(service.name), "error": .of(error)])
                _ = await stopAll(started)
                throw error
            }
            started.append(service)
            log.debug("service started", ["service": .text(service.name)])
        }
        let reason = await stop.made()
        log.info("stopping", ["reason": .text("\(reason)")])
        return Outcome(reason: reason, abandoned: await stopAll(started))
    }

    private func start(_ service: any Service) async throws(ServiceError) {
        let work = Task { () -> ServiceError? in
            do {
                try await service.start()
                return nil
            } catch {
                return .failed(service: service.name, cause: error)
            }
        }
        switch await result(of: work, within: deadlines.start) {
        case .some(.none): return
        case .some(.some(let error)): throw error
        case .none:
            work.cancel()
            throw .startTimedOut(service: service.name, seconds: deadlines.start.seconds)
        }
    }

    private func stopAll(_ started: [any Service]) async -> [String] {
        var abandoned: [String] = []
        for service in started.reversed() {
            let work = Task { await service.stop() }
            if await result(of: work, within: deadlines.graceful) != nil { continue }
            log.warning("service is slow to stop; cancelling it", ["service": .text(service.name)])
            work.cancel()
            if await result(of: work, within: deadlines.cancelled) != nil { continue }
            log.error("service did not stop; leaving it behind", ["service": .text(service.name)])
            abandoned.append(service.name)
        }
        return abandoned
    }

    /// Nil when the task takes longer; it goes on then. A task group would have to wait for it.
    private func result<T: Sendable>(of work: Task<T, Never>, within span: Span) async -> T? {
        let (results, continuation) = AsyncStream.makeStream(of: T?.self, bufferingPolicy: .bufferingOldest(1))
        let timer = Task {
            await sleep(span)
            continuation.yield(nil)
        }
        Task { continuation.yield(await work.value) }
        defer { timer.cancel() }
        for await result in results { return result }
        return nil
    }
}
