import Wire

/// Every message of rookery.proto, in its order; a test compares the two.
let allMessages: [any ProtoMessage.Type] = [
    Proto.Envelope.self, Proto.Hello.self, Proto.Welcome.self, Proto.Error.self, Proto.Ping.self, Proto.Pong.self,
    Proto.Goodbye.self, Proto.Fence.self, Proto.HeldLease.self, Proto.StreamPosition.self, Proto.RegisterNode.self,
    Proto.LeaseDisposition.self, Proto.Registered.self, Proto.Heartbeat.self, Proto.HeartbeatAck.self,
    Proto.HostBudget.self, Proto.HostBudgetRequest.self, Proto.Assignment.self, Proto.LeaseOutcome.self,
    Proto.LeaseOutcomes.self, Proto.LeaseOutcomesAck.self, Proto.LeaseRevoked.self, Proto.RenewLease.self,
    Proto.RenewLeaseReply.self, Proto.LeaseRef.self, Proto.Artifact.self, Proto.Unchanged.self,
    Proto.Bookmark.self, Proto.Item.self, Proto.IngestBatch.self, Proto.Verdict.self, Proto.IngestAck.self,
    Proto.TargetSpec.self, Proto.SubmitTargets.self, Proto.TargetVerdict.self, Proto.SubmitTargetsReply.self,
    Proto.ClusterStatus.self, Proto.Counter.self, Proto.ClusterStatusReply.self, Proto.NodeInfo.self,
    Proto.ListNodes.self, Proto.ListNodesReply.self, Proto.ListTargets.self, Proto.TargetInfo.self,
    Proto.ListTargetsReply.self, Proto.ListArtifacts.self, Proto.ArtifactInfo.self, Proto.ListArtifactsReply.self,
    Proto.GetArtifact.self, Proto.GetArtifactReply.self, Proto.ChaosInject.self, Proto.ChaosClear.self,
    Proto.ChaosList.self, Proto.FaultInfo.self, Proto.ChaosFaults.self, Proto.ChaosDirective.self,
    Proto.GetNodeReputation.self, Proto.ReputationDecision.self, Proto.GetNodeReputationReply.self,
    Proto.TopArtifacts.self, Proto.RankedArtifact.self, Proto.TopArtifactsReply.self,
    Proto.NearDuplicate.self, Proto.RunPatterns.self, Proto.ListPatterns.self, Proto.PatternTerm.self,
    Proto.PatternShare.self, Proto.PatternCharacteristic.self, Proto.PatternChange.self, Proto.PatternInfo.self,
    Proto.ListPatternsReply.self, Proto.ExplainPattern.self, Proto.PatternContribution.self,
    Proto.ExplainPatternReply.self, Proto.ListPatternTexts.self, Proto.PatternText.self,
    Proto.ListPatternTextsReply.self,
    Proto.VariantInfo.self, Proto.ArtifactHistory.self, Proto.SightingTotals.self, Proto.ArtifactHistoryReply.self,
    Proto.ArtifactSightings.self, Proto.SightingInfo.self, Proto.ArtifactSightingsReply.self, Proto.Backup.self,
    Proto.BackupReply.self, Proto.ListMissing.self, Proto.MissingRange.self, Proto.ListMissingReply.self,
]
