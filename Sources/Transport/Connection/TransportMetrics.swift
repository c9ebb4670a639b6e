package import Telemetry

/// What the connections of a process count.
package final class TransportMetrics: Sendable {
    package let accepted: Counter
    package let refused: Counter
    package let open: Gauge
    package let bytesIn: Counter
    package let bytesOut: Counter
    package let writes: Counter
    package let framesIn: Counter
    package let framesOut: Counter
    private let registry: Registry

    package init(_ registry: Registry = Registry()) {
        self.registry = registry
        accepted = registry.counter("connections_accepted", help: "Connections accepted.")
        refused = registry.counter("connections_refused", help: "Connections refused because there were too many.")
        open = registry.gauge("connections_open", help: "Connections open now.")
        bytesIn = registry.counter("bytes_in", help: "Bytes read from connections.")
        bytesOut = registry.counter("bytes_out", help: "Bytes written to connections.")
        writes = registry.counter("writes", help: "System calls that wrote to connections.")
        framesIn = registry.counter("frames_in", help: "Frames received whole.")
        framesOut = registry.counter("frames_out", help: "Frames given out to be sent.")
    }

    package func closed(_ reason: CloseReason) -> Counter {
        registry.counter(
            "connections_closed", help: "Connections closed, by reason.", labels: ["reason": reason.name])
    }
}
