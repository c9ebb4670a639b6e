import Model
import Telemetry
import Wire

extension Command {
    static let status = Command(
        name: "status", summary: "show the cluster: intake, artifacts, targets, nodes, alerts",
        flags: [.hub, .json],
        examples: ["rookery status", "rookery status --json | jq .counters.artifacts_stored"],
        run: { arguments in
            let status = try await Operator.with(arguments) { hub in
                var statuses: [Proto.ClusterStatusReply] = []
                var absence: [String] = []
                for answer in try await hub.askBoth(.clusterStatus(Proto.ClusterStatus())) {
                    switch answer {
                    case .success(.clusterStatusReply(let status)): statuses.append(status)
                    case .success(let body): throw Operator.unexpected(body)
                    case .failure(let error): absence.append("\(error)")
                    }
                }
                var status = StatusText.together(statuses)
                status.alerts += absence
                return status
            }
            if arguments.has("json") { StatusText.json(status) } else { Terminal.out(StatusText.text(status)) }
            return status.alerts.isEmpty ? ExitStatus.done : ExitStatus.failed
        })
}

/// A cluster's status in words and in JSON.
enum StatusText {
    /// What each process of a cluster says, as one.
    static func together(_ statuses: [Proto.ClusterStatusReply]) -> Proto.ClusterStatusReply {
        guard var whole = statuses.first else { return Proto.ClusterStatusReply() }
        for status in statuses.dropFirst() {
            if whole.intake.isEmpty {
                (whole.intake, whole.verified, whole.stateVersion) = (
                    status.intake, status.verified, status.stateVersion
                )
            }
            if whole.clusterId.isEmpty { whole.clusterId = status.clusterId }
            whole.incarnation = max(whole.incarnation, status.incarnation)
            whole.nodes += status.nodes
            whole.alerts += status.alerts.filter { !whole.alerts.contains($0) }
            for counter in status.counters {
                if let place = whole.counters.firstIndex(where: { $0.name == counter.name }) {
                    whole.counters[place].value += counter.value
                } else {
                    whole.counters.append(counter)
                }
            }
        }
        return whole
    }

    static func text(_ status: Proto.ClusterStatusReply) -> String {
        let counters = Dictionary(status.counters.map { ($0.name, $0.value) }) { first, _ in first }
        func value(_ name: String) -> String { counters[name].map { "\($0)" } ?? "unknown" }
        var text = """
            cluster    \(Hex.text(status.clusterId.prefix(4))), incarnation \(status.incarnation), \
            state version \(status.stateVersion), up \(Output.duration(milliseconds: status.uptimeMs))
            intake     \(status.intake); stored data \(status.verified ? "verified" : "not verified yet")
            artifacts  \(value("artifacts_received")) received = \(value("artifacts_stored")) stored \
            + \(value("artifacts_duplicate")) duplicate + \(value("artifacts_refused")) refused
            targets    \(value("targets_submitted")) submitted: \(value("targets_scheduled")) scheduled, \
            \(value("targets_due")) due, \(value("targets_leased")) leased, \(value("targets_retry")) retry, \
            \(value("targets_dead")) dead, \(value("targets_done")) done
            leases     \(value("leases_given")) given: \(value("leases_success")) success, \
            \(value("leases_empty")) empty, \(value("leases_failure")) failure, \(value("leases_fenced")) fenced

            """
        text += keeping(counters)
        text += status.nodes.isEmpty ? "nodes      none has registered\n" : "\n" + table(status.nodes)
        for alert in status.alerts { text += "ALERT      \(alert)\n" }
        return text
    }

    /// What is done with stored data, where there is something.
    private static func keeping(_ counters: [String: UInt64]) -> String {
        var text = ""
        func value(_ name: String) -> UInt64 { counters[name] ?? 0 }
        if value("rekey_total") > 0 {
            text +=
                "rekey      \(value("rekey_done")) of \(value("rekey_total")) artifacts named under the new secret\n"
        }
        if value("compacted_to_version") > 0 {
            text +=
                "compacted  up to state version \(value("compacted_to_version")): "
                + "\(value("compacted_commits")) commits, \(value("compacted_versions")) versions, "
                + "\(value("compacted_sightings")) sightings, \(value("compacted_receipts")) receipts\n"
        }
        return text
    }

    static func table(_ nodes: [Proto.NodeInfo]) -> String {
        var table = Table(["NODE", "STATE", "COLLECTS", "LOAD", "DELIVERING", "SPOOLED", "LAST SEEN", "OK", "FAILED"])
        for node in nodes {
            table.add([
                Output.cell(node.name), node.state, Output.cell(node.capabilities.joined(separator: ",")),
                "\(node.collecting)/\(node.capacity)", "\(node.delivering)", "\(node.spooledItems)",
                Output.duration(milliseconds: node.lastSeenMsAgo) + " ago", "\(node.successes)", "\(node.failures)",
            ])
        }
        return table.text
    }

    static func json(_ status: Proto.ClusterStatusReply) {
        Output.json { writer in
            writer.field("cluster", Hex.text(status.clusterId))
            writer.field("incarnation", status.incarnation)
            writer.field("state_version", status.stateVersion)
            writer.field("uptime_ms", status.uptimeMs)
            writer.field("software", status.software)
            writer.field("intake", status.intake)
            writer.field("verified", status.verified)
            writer.field("counters") { writer in
                writer.object { writer in
                    for counter in status.counters { writer.field(counter.name, counter.value) }
                }
            }
            nodes(status.nodes, &writer)
            writer.field("alerts") { writer in
                writer.array { writer in for alert in status.alerts { writer.string(alert) } }
            }
        }
    }

    static func nodes(_ nodes: [Proto.NodeInfo], _ writer: inout JSONWriter) {
        writer.field("nodes") { writer in
            writer.array { writer in
                for node in nodes {
                    writer.object { writer in
                        writer.field("name", node.name)
                        writer.field("state", node.state)
                        writer.field("capacity", node.capacity)
                        writer.field("collecting", node.collecting)
                        writer.field("delivering", node.delivering)
                        writer.field("spooled_items", node.spooledItems)
                        writer.field("last_seen_ms_ago", node.lastSeenMsAgo)
                        writer.field("successes", node.successes)
                        writer.field("failures", node.failures)
                        writer.field("outcomes", node.outcomes)
                        writer.field("success_rate", node.successRate)
                        writer.field("quality", node.quality)
                        if let rating = node.rating { writer.field("sink_rating", rating) }
                        if let mean = node.meanTimeMs { writer.field("mean_time_ms", mean) }
                        writer.field("usefulness", node.usefulness)
                        writer.field("health", node.health)
                        writer.field("suspicion", node.suspicion)
                        if let quota = node.quota { writer.field("quota", quota) }
                        writer.field("capabilities") { writer in
                            writer.array { writer in for name in node.capabilities { writer.string(name) } }
                        }
                    }
                }
            }
        }
    }
}
