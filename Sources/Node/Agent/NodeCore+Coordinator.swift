import Model
import Storage
import Wire

/// A coordinator in a process of its own: batches go there, while leases come from the orchestrator.
extension NodeCore {
    /// Asks where the streams stand, before the first batch.
    func coordinatorConnected(_ welcome: Proto.Welcome) {
        coordinatorDisconnected()
        delivery.closed()
        intake = .registering(welcome)
        askIntake(.registerNode(registration(leases: [])), as: .registerStreams)
    }

    func coordinatorDisconnected() {
        guard intake != .inSession else { return }
        intake = .offline
        delivery.closed()
        requests = requests.filter { $0.value.request != .registerStreams }
    }

    func registeredStreams(_ answer: Proto.Registered) throws(StorageError) {
        guard case .registering(let welcome) = intake else { return }
        intake = .open
        try open(welcome, answer)
    }

    var isDelivering: Bool {
        switch intake {
        case .inSession: if case .registered = session { true } else { false }
        case .open: true
        case .offline, .registering: false
        }
    }

    func leaveIntake(_ reason: String, retryAfter: Span = .zero) {
        switch intake {
        case .inSession: reconnect(reason, retryAfter: retryAfter)
        case .registering, .open:
            effects.append(.reconnectToCoordinator(reason: reason, retryAfter: retryAfter))
            coordinatorDisconnected()
        case .offline: break
        }
    }
}
