package import Model
import Synchronization
package import Wire

// MARK: what others call

extension Client {
    /// Asks, and awaits the answer for at most `timeout`; asks again when the connection is lost meanwhile.
    package func request(
        _ body: Proto.Envelope.Body, timeout: Model.Span = Limits.requestTimeout
    ) async throws(ClientError) -> Proto.Envelope.Body {
        let number = nextNumber()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                add(number, body, timeout, .caller(continuation))
            }
        } onCancel: {
            loop.execute { [self] in assumeIsolated { $0.cancel(number) } }
        }
        return try result.get()
    }

    /// From any thread: asks on the connection there is. The answer, or the loss, comes as an event with this tag.
    package nonisolated func ask(
        _ body: Proto.Envelope.Body, tag: UInt64, timeout: Model.Span = Limits.requestTimeout
    ) {
        post(.ask(body, tag: tag, timeout: timeout))
    }

    /// From any thread: sends a message that has no answer, if there is a connection.
    package nonisolated func tell(_ body: Proto.Envelope.Body) { post(.tell(body)) }

    private nonisolated func post(_ command: Command) {
        let schedule = mailbox.withLock { mailbox in
            mailbox.commands.append(command)
            defer { mailbox.scheduled = true }
            return !mailbox.scheduled
        }
        if schedule { loop.execute { [self] in assumeIsolated { $0.takeMail() } } }
    }

    private func takeMail() {
        let commands = mailbox.withLock { mailbox in
            defer { mailbox = Mailbox() }
            return mailbox.commands
        }
        for command in commands {
            switch command {
            case .ask(let body, let tag, let timeout): add(nextNumber(), body, timeout, .tag(tag))
            case .tell(let body): perform(on: .zero) { session, _ in session.notify(body) }
            }
        }
    }

    private func nextNumber() -> UInt64 {
        lastRequest += 1
        return lastRequest
    }
}

// MARK: requests

extension Client {
    private func add(
        _ number: UInt64, _ body: Proto.Envelope.Body, _ timeout: Model.Span, _ asker: PendingRequest.Asker
    ) {
        let now = SystemTime().now()
        let request = PendingRequest(
            number: number, body: body, deadline: now + timeout, timeout: timeout, asker: asker)
        if Task.isCancelled { return settle(request, .failure(.cancelled)) }
        if case .ended(let error) = state { return settle(request, .failure(error)) }
        if session?.isOpen == true { return send(request, now) }
        switch asker {
        case .caller:
            waiting.append(request)
            watchWaiting(now)
        case .tag: settle(request, .failure(.lost(options.address, reason: "there is no connection")))
        }
    }

    private func send(_ request: PendingRequest, _ now: Instant) {
        guard
            let (id, actions) = session?.request(
                request.body, now: now, timeout: request.deadline.since(now))
        else { return waiting.append(request) }
        inFlight[id] = request
        perform(actions)
        wake(at: request.deadline)
    }

    func sendWaiting() {
        let requests = waiting
        waiting = []
        waitingTimer = nil
        let now = SystemTime().now()
        for request in requests { send(request, now) }
    }

    private func cancel(_ number: UInt64) {
        if let index = waiting.firstIndex(where: { $0.number == number }) {
            settle(waiting.remove(at: index), .failure(.cancelled))
        } else if let id = inFlight.first(where: { $0.value.number == number })?.key {
            settle(id, .failure(.cancelled))
        }
    }

    func settle(_ id: UInt64, _ result: Result<Proto.Envelope.Body, ClientError>) {
        // A cancelled request's answer has nobody waiting.
        if let request = inFlight.removeValue(forKey: id) { settle(request, result) }
    }

    private func settle(_ request: PendingRequest, _ result: Result<Proto.Envelope.Body, ClientError>) {
        switch request.asker {
        case .caller(let continuation): continuation.resume(returning: result)
        case .tag(let tag): answered(tag: tag, result)
        }
    }

    /// After a loss: callers' requests wait for the next connection, the others are told.
    func dropInFlight(_ error: ClientError) {
        let lost = inFlight.sorted { $0.key < $1.key }.map(\.value)
        inFlight = [:]
        for request in lost {
            switch request.asker {
            case .caller: waiting.append(request)
            case .tag: settle(request, .failure(error))
            }
        }
        waiting.sort { $0.number < $1.number }
        watchWaiting(SystemTime().now())
    }

    func failAll(_ error: ClientError) {
        let all = inFlight.sorted { $0.key < $1.key }.map(\.value) + waiting
        inFlight = [:]
        waiting = []
        for request in all { settle(request, .failure(error)) }
    }

    /// While there is no session, nobody else looks at deadlines.
    private func watchWaiting(_ now: Instant) {
        guard let first = waiting.map(\.deadline).min() else {
            waitingTimer = nil
            return
        }
        waitingTimer = loop.schedule(after: first.since(now)) { [weak self] in
            self?.assumeIsolated { $0.expireWaiting() }
        }
    }

    private func expireWaiting() {
        let now = SystemTime().now()
        let late = waiting.filter { $0.deadline <= now }
        waiting.removeAll { $0.deadline <= now }
        watchWaiting(now)
        for request in late { settle(request, .failure(.timedOut(options.address, after: request.timeout))) }
    }
}
