import Wire

extension Corpus {
    /// What operators ask of the orchestrator.
    static var decisions: [Proto.Envelope.Body] {
        let filter = Proto.TargetFilter(state: "dead", label: "a=b", host: "a.test", text: "x")
        let spec = Proto.TargetSpec(type: "web", location: "https://a.test", schedule: .cron, cron: "0 6 * * mon")
        let target = Proto.TargetInfo(id: id, type: "web", spec: spec, lastAttemptMsAgo: 0, failures: 3)
        let node = Proto.NodeInfo(name: "n-1", outcomes: 7, successRate: 0.5, meanTimeMs: 0, quota: 100)
        let decision = Proto.DecisionInfo(
            number: 300, atMs: 5, who: "orchestrator", what: "assigned", target: id, node: "n-1", why: "w", how: "h")
        let gate = Proto.Gate(name: "not_due", reason: "r", opensInMs: 900)
        let planned = Proto.PlannedTarget(target: target, node: "n-1", gate: "host_politeness")
        let quota = Proto.NodeQuota(name: "n-1", quota: 100, revision: 3, exhausted: true)
        return [
            .operateTargets(Proto.OperateTargets(key: id, chunk: 1, action: .pause, targets: [id], filter: filter)),
            .operateTargetsReply(Proto.OperateTargetsReply(changed: 2, unchanged: 1, unknown: [id], next: id)),
            .getTarget(Proto.GetTarget(id: id)),
            .getTargetReply(Proto.GetTargetReply(target: target, decisions: [decision])),
            .operateNode(Proto.OperateNode(key: id, name: "n-1", action: .drain)),
            .operateNodeReply(Proto.OperateNodeReply(node: node, changed: true)),
            .setQuota(Proto.SetQuota(key: id, base: 1_000, cluster: 0)), .getQuota(Proto.GetQuota()),
            .quotaReply(Proto.QuotaReply(base: 1_000, cluster: 10_000, revision: 4, nodes: [quota])),
            .listDecisions(Proto.ListDecisions(target: id, actor: "op", sinceMsAgo: 60_000, limit: 9)),
            .listDecisionsReply(
                Proto.ListDecisionsReply(decisions: [decision], older: [Proto.Counter(name: "assigned", value: 9)])),
            .explain(Proto.Explain(target: id)),
            .explainReply(Proto.ExplainReply(gates: [gate], target: target, node: node, next: "n")),
            .plan(Proto.Plan(limit: 5)),
            .planReply(Proto.PlanReply(targets: [planned], nodes: [node], risks: ["r"], due: 7)),
        ]
    }
}
