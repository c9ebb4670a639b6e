package import Telemetry
import Wire

/// What a hub counts of its own; the transport and the roles count theirs.
package final class HubMetrics: Sendable {
    package let registry: Registry
    let batches: Counter
    let noCredit: Counter
    let tooBusy: Counter
    let overQuota: Counter
    /// From a batch's last byte to its ack's leaving for the socket.
    let ackLatency: Histogram

    package init(_ registry: Registry = Registry()) {
        self.registry = registry
        batches = registry.counter("ingest_batches", help: "Batches handed to the ledger.")
        ackLatency = registry.histogram("ingest_ack", help: "From a batch received to its ack sent.")
        tooBusy = registry.counter("requests_too_busy", help: "Requests refused because too many were under way.")
        overQuota = registry.counter("ingest_over_quota", help: "Batches refused for a quota.")
        noCredit = registry.counter("ingest_no_credit", help: "Batches refused for want of credit.")
    }

    /// What the gateway counted so far, by name.
    func counters() -> [Proto.Counter] {
        let latency = ackLatency.snapshot()
        let percentiles = [
            ("ingest_ack_p50_us", latency.p50), ("ingest_ack_p99_us", latency.p99), ("ingest_ack_max_us", latency.max),
        ]
        return registry.values().map { Proto.Counter(name: $0.name, value: $0.value) }
            + percentiles.map { Proto.Counter(name: $0.0, value: $0.1 / 1_000) }
    }

    /// For what is counted by a name that is known only when it happens; names come from closed sets.
    func count(_ name: String) {
        registry.counter(name, help: "Counted by the gateway.").add()
    }
}
