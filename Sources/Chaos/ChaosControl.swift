package import Model
import Synchronization
package import Wire

/// The faults of a running hub, asked by every connection. While none is in force, asking costs one atomic read.
package final class ChaosControl: Sendable {
    private let registry: Mutex<FaultRegistry>
    private let any = Atomic<Bool>(false)
    private let time: any TimeSource

    package init(isAllowed: Bool, time: any TimeSource) {
        registry = Mutex(FaultRegistry(isAllowed: isAllowed))
        self.time = time
    }

    /// False: nothing is in force, for sure.
    package var mayBeActive: Bool { any.load(ordering: .relaxed) }

    package func inject(
        _ request: Proto.ChaosInject, connected: (String) -> Bool
    ) throws(FaultRefusal) -> (fault: Fault, isNew: Bool) {
        let now = time.now()
        let result = registry.withLock { registry -> Result<(fault: Fault, isNew: Bool), FaultRefusal> in
            do throws(FaultRefusal) {
                return .success(try registry.inject(request, connected: connected, now: now))
            } catch {
                return .failure(error)
            }
        }
        let injected = try result.get()
        any.store(true, ordering: .relaxed)
        return injected
    }

    package func clear(_ id: UInt64) -> [Fault] { registry.withLock { $0.clear(id, now: time.now()) } }

    package func isCut(_ node: String) -> Bool {
        mayBeActive && registry.withLock { $0.isCut(node, now: time.now()) }
    }

    package func delay(of node: String) -> Span? {
        guard mayBeActive else { return nil }
        let now = time.now()
        return registry.withLock { registry in
            if registry.active(now: now).isEmpty { any.store(false, ordering: .relaxed) }
            return registry.delay(of: node, now: now)
        }
    }

    package func listing() -> Proto.ChaosFaults {
        let now = time.now()
        return registry.withLock { registry in
            Proto.ChaosFaults(
                faults: registry.active(now: now).map {
                    Proto.FaultInfo(
                        id: $0.id, fault: $0.kind, node: $0.node, remainingMs: UInt32($0.until.since(now).milliseconds),
                        delayMs: UInt32($0.delay.milliseconds), state: "active")
                })
        }
    }
}
