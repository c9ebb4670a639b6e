/// Who may send a body to a server, and how. The one table of the protocol's directions.
package struct BodyRule: Hashable, Sendable {
    package enum Manner: Hashable, Sendable {
        case opening
        /// Wants a reply, and so an id.
        case request
        case notice
        case reply
    }

    package struct Senders: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let node = Senders(rawValue: 1)
        package static let `operator` = Senders(rawValue: 2)
        package static let orchestrator = Senders(rawValue: 4)
        package static let coordinator = Senders(rawValue: 8)
        package static let everyone: Senders = [.node, .operator, .orchestrator, .coordinator]
        /// Only servers send it.
        package static let server: Senders = []

        /// Nil for a role that this version does not know.
        init?(_ role: Proto.Role) {
            switch role {
            case .node: self = .node
            case .operator: self = .operator
            case .orchestrator: self = .orchestrator
            case .coordinator: self = .coordinator
            case .unspecified, .unrecognized: return nil
            }
        }
    }

    package let manner: Manner
    package let senders: Senders

    private init(_ manner: Manner, from senders: Senders) {
        self.manner = manner
        self.senders = senders
    }

    package init(_ body: Proto.Envelope.Body) {
        switch body {
        case .hello: self.init(.opening, from: .everyone)
        case .welcome: self.init(.opening, from: .server)
        case .ping: self.init(.request, from: .everyone)
        case .pong, .error: self.init(.reply, from: .everyone)
        case .goodbye: self.init(.notice, from: .everyone)

        case .registerNode, .heartbeat, .leaseOutcomes, .renewLease, .hostBudgetRequest, .ingestBatch:
            self.init(.request, from: .node)
        case .assignment, .leaseRevoked, .chaosDirective:
            self.init(.notice, from: .server)
        case .registered, .heartbeatAck, .leaseOutcomesAck, .renewLeaseReply, .hostBudget, .ingestAck:
            self.init(.reply, from: .server)

        case .submitTargets, .clusterStatus, .listArtifacts, .getArtifact, .listTargets, .listNodes,
            .chaosInject, .chaosClear, .chaosList, .getNodeReputation, .topArtifacts, .runPatterns, .listPatterns,
            .explainPattern, .listPatternTexts, .feedStatus, .listScenarios, .listSkipped, .feedControl,
            .rateScenario, .artifactHistory, .artifactSightings, .backup, .listMissing,
            .operateTargets, .getTarget, .operateNode, .setQuota, .getQuota, .listDecisions, .explain, .plan,
            .rekey:
            self.init(.request, from: .operator)
        case .submitTargetsReply, .clusterStatusReply, .listArtifactsReply, .getArtifactReply, .listTargetsReply,
            .listNodesReply, .chaosFaults, .getNodeReputationReply, .topArtifactsReply, .listPatternsReply,
            .explainPatternReply, .listPatternTextsReply, .feedStatusReply, .listScenariosReply, .listSkippedReply,
            .rateScenarioReply, .artifactHistoryReply, .artifactSightingsReply, .backupReply, .listMissingReply,
            .operateTargetsReply, .getTargetReply, .operateNodeReply, .quotaReply, .listDecisionsReply,
            .explainReply, .planReply, .rekeyReply:
            self.init(.reply, from: .server)

        case .readReceipts, .enforceQuotas, .markLate: self.init(.request, from: .orchestrator)
        case .receiptPages, .enforceQuotasReply, .markLateReply: self.init(.reply, from: .server)
        case .nodeOutOfCredit: self.init(.notice, from: .server)
        }
    }
}
