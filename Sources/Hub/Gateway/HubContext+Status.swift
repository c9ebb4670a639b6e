import Coordinator
import Model
import Orchestrator
import Telemetry
import Transport
import Wire

/// Every counter of the hub, in constant time however much is stored.
extension HubContext {
    func answerStatus(_ envelope: Proto.Envelope, on connection: Connection) async {
        let nodes = await orchestrator?.nodes ?? []
        outgoing.reply(.clusterStatusReply(status(nodes)), to: envelope, on: connection)
    }

    private func status(_ nodes: [Proto.NodeInfo]) -> Proto.ClusterStatusReply {
        let here = whereabouts.current
        var status = Proto.ClusterStatusReply(
            clusterId: here.cluster.id[...], incarnation: here.cluster.incarnation, uptimeMs: uptime.milliseconds,
            software: software, nodes: nodes)
        if let orchestrator = orchestrator?.status {
            status.alerts = orchestrator.alerts
            status.counters = counters(orchestrator)
        }
        if let desk { show(desk, in: &status) }
        status.counters += metrics.counters()
        if let absence = here.absence { status.alerts.append(absence) }
        return status
    }

    private func show(_ desk: CoordinatorDesk, in status: inout Proto.ClusterStatusReply) {
        let coordinator = desk.coordinator.status
        if !coordinator.head.isConserved {
            status.alerts.append("artifacts received are not the sum of stored, duplicate and refused")
        }
        if let error = coordinator.verifyError { status.alerts.append("the full check failed: \(error)") }
        let held = desk.coordinator.derived.logHeld
        if held > 0 {
            status.alerts.append(
                "what is computed behind the ledger waits: derived.db-wal holds \(held >> 20) MiB, because another "
                    + "program reads derived.db in one long transaction; end that program (fuser names it)")
        }
        if coordinator.intake != .open { status.alerts.append("intake is \(coordinator.intake.sentence)") }
        status.stateVersion = coordinator.head.stateVersion
        status.intake = coordinator.intake.sentence
        status.verified = coordinator.verified ?? false
        status.counters =
            counters(coordinator, desk.coordinator) + desk.keepingCounters(coordinator) + status.counters
            + feedCounters(desk.coordinator)
    }

    private func feedCounters(_ coordinator: CoordinatorService) -> [Proto.Counter] {
        coordinator.feedFigures.counters.map { Proto.Counter(name: "feed_" + $0.name, value: $0.value) }
    }

    private func counters(_ status: CoordinatorStatus, _ coordinator: CoordinatorService) -> [Proto.Counter] {
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
            ("derived_version", coordinator.derived.reached), ("index_bytes", UInt64(status.indexBytes)),
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
