
package import Telemetry
import Wire

/// What a hub counts of its own; the transport and the roles count theirs.
package final class HubMetrics: Sendable {
    package let registry: Registry
    let batches: Counter
    let noCredit: Counter
    let tooBusy: Counter

    package init(_ registry: Registry = Registry()) {
        self.registry = registry
        batches = registry.counter("ingest_batches", help: "Batches handed to the ledger.")
        tooBusy = registry.counter("requests_too_busy", help: "Requests refused because too many were under way.")
        noCredit = registry.counter("ingest_no_credit", help: "Batches refused for want of credit.")
    }

    /// What the gateway counted so far, by name.
    func counters() -> [Proto.Counter] {
        registry.values().map { Proto.Counter(name: $0.name, value: $0.value) }
    }

    /// For what is counted by a name that is known only when it happens; names come from closed sets.
    func count(_ name: String) {
        registry.counter(name, help: "Counted by the gateway.").add()
    }
}
