import Wire

extension Proto.Envelope.Body {
    /// Whether the orchestrator answers this request; else the coordinator does, where it is not about the connection.
    var isForOrchestrator: Bool {
        switch self {
        case .registerNode, .heartbeat, .leaseOutcomes, .renewLease, .hostBudgetRequest, .submitTargets,
            .listTargets, .listNodes, .operateTargets, .getTarget, .operateNode, .setQuota, .getQuota,
            .listDecisions, .explain, .plan:
            true
        default: false
        }
    }
}
