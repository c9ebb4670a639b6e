import Coordinator
import Model
import Orchestrator
import Telemetry
import Transport
import Wire

/// Every counter of the hub, in constant time however much is stored.
extension HubContext {
    func answerStatus(_ envelope: Proto.Envelope, on connection: Connection) async {
        let nodes = await orchestrator.nodes
        reply(.clusterStatusReply(status(nodes)), to: envelope, on: connection)
    }

    private func status(_ nodes: [Proto.NodeInfo]) -> Proto.ClusterStatusReply {
        let coordinator = self.coordinator.status
        let orchestrator = self.orchestrator.status
        var alerts = orchestrator.alerts
        if !coordinator.head.isConserved {
            alerts.append("artifacts received are not the sum of stored, duplicate and refused")
        }
        if let error = coordinator.verifyError { alerts.append("the full check failed: \(error)") }
        let held = self.coordinator.derived.logHeld
        if held > 0 {
            alerts.append(
                "what is computed behind the ledger waits: derived.db-wal holds \(held >> 20) MiB, because another "
                    + "program reads derived.db in one long transaction; end that program (fuser names it)")
        }
        if coordinator.intake != .open { alerts.append("intake is \(coordinator.intake.sentence)") }
        return Proto.ClusterStatusReply(
            clusterId: self.coordinator.identity.clusterID[...], incarnation: self.coordinator.identity.incarnation,
            stateVersion: coordinator.head.stateVersion, uptimeMs: uptime.milliseconds, software: software,
            intake: coordinator.intake.sentence, verified: coordinator.verified ?? false,
            counters: counters(coordinator) + keepingCounters(coordinator) + counters(orchestrator) + feedCounters()
                + metrics.counters(),
            nodes: nodes,
            alerts: alerts)
    }

    private func feedCounters() -> [Proto.Counter] {
        coordinator.feedFigures.counters.map { Proto.Counter(name: "feed_" + $0.name, value: $0.value) }
    }

    private func counters(_ status: CoordinatorStatus) -> [Proto.Counter] {
        let head = status.head
        return [
            ("artifacts_received", head.received), ("artifacts_stored", head.stored),
            ("artifacts_duplicate", head.duplicates), ("artifacts_refused", head.refused),
            ("artifacts_unchanged", head.unchanged), ("unknown_digests", head.unknownDigests),
            ("bookmarks", head.bookmarks), ("contents", head.contents), ("content_bytes", head.contentBytes),
            ("artifact_versions", head.versions), ("content_variants", head.variants),
            ("late_leases", head.late), ("wall_jumps", head.wallJumps), ("ledger_commits", status.commits),
            ("ledger_commit_failures", status.commitFailures), ("ledger_checkpoints", status.checkpoints),
            ("ledger_version", head.stateVersion),
            ("derived_version", self.coordinator.derived.reached), ("index_bytes", UInt64(status.indexBytes)),
        ].map { Proto.Counter(name: $0.0, value: $0.1) }
    }

    private func counters(_ status: OrchestratorStatus) -> [Proto.Counter] {
        let targets = status.targets
        return [
            ("targets_submitted", status.submitted), ("targets_scheduled", targets.scheduled),
            ("targets_due", targets.due), ("targets_leased", targets.leased), ("targets_retry", targets.retry),
            ("targets_paused", targets.paused), ("targets_dead", targets.dead),
            ("targets_cancelled", targets.cancelled), ("targets_done", targets.done),
            ("leases_given", status.leasesGiven), ("leases_collecting", status.collecting),
            ("leases_delivering", status.delivering), ("leases_success", status.successes),
            ("leases_empty", status.empties), ("leases_failure", status.failures),
            ("leases_handed_back", status.handedBack), ("leases_released", status.released),
            ("leases_fenced", status.fenced), ("late_notices", status.lateNotices), ("nodes", status.nodes),
            ("nodes_live", status.nodesLive), ("receipt_position", status.receiptPosition),
        ].map { Proto.Counter(name: $0.0, value: $0.1) }
    }
}
