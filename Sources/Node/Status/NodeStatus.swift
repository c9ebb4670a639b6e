package import Model
import Telemetry

/// What a node is doing, for whoever asks it.
package struct NodeStatus: Sendable, Equatable {
    package struct Collecting: Sendable, Equatable {
        package var type: String
        package var location: String
        package var age: Span
        package var items: UInt32
    }

    package var name = ""
    package var session = "offline"
    package var isDraining = false
    package var capacity: UInt32 = 0
    package var freeCapacity: UInt32 = 0
    package var collecting = 0
    package var delivering = 0
    package var spooledItems: UInt64 = 0
    package var spooledBytes: UInt64 = 0
    package var spoolLimit: UInt64 = 0
    /// The oldest first, not all of them.
    package var oldest: [Collecting] = []

    static let shown = 50

    var json: [UInt8] {
        var json = JSONWriter(pretty: true)
        json.object { json in
            json.field("name", name)
            json.field("session", session)
            json.field("draining", isDraining)
            json.field("capacity", capacity)
            json.field("free_capacity", freeCapacity)
            json.field("collecting", collecting)
            json.field("delivering", delivering)
            json.field("spooled_items", spooledItems)
            json.field("spooled_bytes", spooledBytes)
            json.field("spool_limit_bytes", spoolLimit)
            json.field("oldest") { json in
                json.array { json in
                    for collection in oldest {
                        json.object { json in
                            json.field("type", collection.type)
                            json.field("location", collection.location)
                            json.field("age_ms", collection.age.milliseconds)
                            json.field("items", collection.items)
                        }
                    }
                }
            }
        }
        return json.bytes + [10]
    }
}

/// What a node counts.
final class NodeMetrics: Sendable {
    let registry = Registry()
    let started: Counter
    let items: Counter
    let collecting: Gauge
    let spooledItems: Gauge
    let spooledBytes: Gauge
    let duration: Histogram

    init() {
        started = registry.counter("node_collections_started", help: "Collections begun")
        items = registry.counter("node_items_spooled", help: "Items that collectors found")
        collecting = registry.gauge("node_collecting", help: "Collections under way")
        spooledItems = registry.gauge("node_spooled_items", help: "Items in the spool")
        spooledBytes = registry.gauge("node_spooled", help: "Bytes in the spool", unit: .bytes)
        duration = registry.histogram("node_collection", help: "How long collections took")
    }

    func ended(_ outcome: Outcome, type: String) {
        registry.counter(
            "node_collections", help: "Collections ended, by type and outcome",
            labels: ["type": type, "outcome": outcome.result.kind.word]
        ).add()
        items.add(Int(outcome.items))
        duration.record(outcome.duration.nanoseconds)
    }

    func show(_ status: NodeStatus) {
        collecting.set(status.collecting)
        spooledItems.set(Int(clamping: status.spooledItems))
        spooledBytes.set(Int(clamping: status.spooledBytes))
    }
}
