import Model
import Wire

/// What the orchestrator says about hosts that collectors visit beside their assignments': asked for once at a time,
/// and kept for a while. It belongs to the node's thread.
final class HostBudgets {
    private struct Known {
        let budget: Proto.HostBudget?
        let until: Instant
    }

    static let kept = Span.minutes(10)
    static let mostHosts = 10_000

    private let ask: (String) -> Void
    private var known: [String: Known] = [:]
    private var waiting: [String: [CheckedContinuation<Proto.HostBudget?, Never>]] = [:]

    /// `ask` leads to an answer, sooner or later.
    init(ask: @escaping (String) -> Void) { self.ask = ask }

    /// What is known; nil: it must be waited for.
    func budget(of host: String, now: Instant) -> Proto.HostBudget?? {
        guard let entry = known[host], entry.until > now else { return nil }
        return .some(entry.budget)
    }

    func wait(for host: String, _ continuation: CheckedContinuation<Proto.HostBudget?, Never>) {
        waiting[host, default: []].append(continuation)
        if waiting[host]?.count == 1 { ask(host) }
    }

    func told(_ budget: Proto.HostBudget?, of host: String, now: Instant) {
        if known.count >= HostBudgets.mostHosts { known = known.filter { $0.value.until > now } }
        // What nobody could say is asked for again the next time.
        if let budget, known.count < HostBudgets.mostHosts {
            known[host] = Known(budget: budget, until: now + HostBudgets.kept)
        }
        for continuation in waiting.removeValue(forKey: host) ?? [] { continuation.resume(returning: budget) }
    }

    func close() {
        for continuation in waiting.values.joined() { continuation.resume(returning: nil) }
        waiting = [:]
    }
}
