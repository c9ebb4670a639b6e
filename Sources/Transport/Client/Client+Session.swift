import Model
import Wire

extension Client {
    /// Gives the session one event and does what it says.
    func perform(on now: Instant, _ event: (inout ClientSession, Instant) -> [ClientSession.Action]) {
        // Taken out, so that the session's arrays have one owner and change in place.
        guard var session = session.take() else { return }
        let actions = event(&session, now)
        self.session = session
        perform(actions)
    }

    func perform(_ actions: [ClientSession.Action]) {
        for action in actions {
            switch action {
            case .send(let envelope): send(envelope)
            case .opened(let welcome): welcomed(welcome)
            case .reply(let id, let body): settle(id, .success(body))
            case .failed(let id, .refused(let error)): settle(id, .failure(.refused(error)))
            case .failed(let id, .timedOut): settleLate(id)
            case .deliver(let body): delivered(body)
            case .close(let reason): sessionClosed(reason)
            }
        }
    }

    private func send(_ envelope: Proto.Envelope) {
        guard case .established(let connection) = state else { return }
        do throws(FrameFault) {
            let frame = try encoder.encode(envelope, limit: sendLimit)
            let priority = Client.priority(of: envelope)
            connection.assumeIsolated { $0.send(frame, priority) }
        } catch {
            settle(envelope.id, .failure(.tooLarge(error)))
        }
    }

    /// What carries data waits; what keeps the relation alive does not wait behind it.
    private static func priority(of envelope: Proto.Envelope) -> SendPriority {
        switch envelope.body {
        case .ingestBatch, .submitTargets: .bulk
        default: .control
        }
    }

    private func settleLate(_ id: UInt64) {
        guard let timeout = inFlight[id]?.timeout else { return }
        settle(id, .failure(.timedOut(options.address, after: timeout)))
    }

    // MARK: deadlines

    /// The session's deadlines are looked at when the earliest known has come; later ones cost nothing until then.
    func wake(at deadline: Instant) {
        guard case .established(let connection) = state, deadline < (wakeAt ?? deadline + .seconds(1)) else { return }
        wakeAt = deadline
        connection.assumeIsolated { $0.wake(at: deadline) }
    }

    func woken(_ now: Instant) {
        wakeAt = nil
        perform(on: now) { $0.tick(now: $1) }
        if let deadline = session?.deadline { wake(at: deadline) }
    }
}
