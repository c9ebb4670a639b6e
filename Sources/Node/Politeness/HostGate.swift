import Model
import Transport
import Wire

/// Lets collections through to a host as its budget says: so many at once, so long apart.
actor HostGate {
    struct Pass: Sendable {
        let host: String
        var concurrency: Int
        var delay: Span

        /// Without a budget: one at a time.
        init(host: String, budget: Proto.HostBudget?) {
            self.host = host
            concurrency = max(1, Int(budget?.concurrency ?? 1))
            delay = .milliseconds(UInt64(budget?.delayMs ?? 0))
        }
    }

    private struct Waiter {
        let id: UInt64
        let pass: Pass
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct Host {
        var inside = 0
        var opensAt = Instant.zero
        var waiting: [Waiter] = []
        var timer: LoopTimer?
    }

    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    private let time: any TimeSource
    private var hosts: [String: Host] = [:]
    private var lastWaiter: UInt64 = 0

    init(on loop: EventLoop, time: any TimeSource) {
        self.loop = loop
        self.time = time
    }

    /// Hosts that are busy, waited for, or still in their delay.
    var count: Int { hosts.count }

    /// Returns when it is this caller's turn, first come first; false when its task was cancelled.
    func enter(_ pass: Pass) async -> Bool {
        lastWaiter += 1
        let id = lastWaiter
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard !Task.isCancelled else { return continuation.resume(returning: false) }
                hosts[pass.host, default: Host()].waiting.append(
                    Waiter(id: id, pass: pass, continuation: continuation))
                admit(pass.host)
            }
        } onCancel: {
            loop.execute { self.assumeIsolated { $0.giveUp(id, pass.host) } }
        }
    }

    func leave(_ pass: Pass) {
        hosts[pass.host]?.inside -= 1
        admit(pass.host)
    }

    /// Nobody enters for a while: the host has said that it is too busy.
    func rest(_ name: String, _ span: Span) {
        hosts[name, default: Host()].opensAt = max(hosts[name]?.opensAt ?? .zero, time.now() + span)
        admit(name)
    }

    private func giveUp(_ id: UInt64, _ host: String) {
        guard let place = hosts[host]?.waiting.firstIndex(where: { $0.id == id }) else { return }
        hosts[host]?.waiting.remove(at: place).continuation.resume(returning: false)
        admit(host)
    }

    private func admit(_ name: String) {
        guard var host = hosts[name] else { return }
        let now = time.now()
        while let first = host.waiting.first, host.inside < first.pass.concurrency, host.opensAt <= now {
            host.waiting.removeFirst()
            host.inside += 1
            host.opensAt = now + first.pass.delay
            first.continuation.resume(returning: true)
        }
        host.timer = nil
        if host.opensAt > now {
            host.timer = loop.schedule(after: host.opensAt.since(now)) { [weak self] in
                self?.assumeIsolated { $0.admit(name) }
            }
        }
        hosts[name] = host.inside == 0 && host.waiting.isEmpty && host.timer == nil ? nil : host
    }

    /// Must be called before the loop stops.
    func close() {
        for host in hosts.values { host.waiting.forEach { $0.continuation.resume(returning: false) } }
        hosts = [:]
    }
}
