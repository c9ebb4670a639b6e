import Wire

extension Corpus {
    /// One body of each kind that carries something.
    static var samples: [Proto.Envelope.Body] {
        opening + fleet + work + intake + operators + standing + patterns + feed + versions + decisions
            + betweenRoles
    }

    static let id: ArraySlice<UInt8> = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
    private static let fence = Proto.Fence(incarnation: 3, counter: 500)

    private static var opening: [Proto.Envelope.Body] {
        [
            .hello(Proto.Hello(versionMin: 1, versionMax: 1, role: .node, name: "n-1", credentials: [1, 2])),
            .welcome(Proto.Welcome(version: 1, clusterId: id, session: 9, maxFrame: 8 << 20, credit: 2_048)),
            .error(Proto.Error(code: .invalidField, message: "no", field: "name", retryAfterMs: 200)),
            .ping(Proto.Ping(payload: [1])), .pong(Proto.Pong(payload: [1])), .goodbye(Proto.Goodbye(reason: "end")),
        ]
    }

    private static var fleet: [Proto.Envelope.Body] {
        let held = Proto.HeldLease(lease: 1, target: id, fence: fence, phase: .delivering, stream: 7, lastSequence: 9)
        let position = Proto.StreamPosition(stream: 7, firstUnacked: 3, next: 10)
        return [
            .registerNode(
                Proto.RegisterNode(
                    instance: id, capabilities: ["http", "feed"], capacity: 8, labels: ["zone": "a"], leases: [held],
                    streams: [position], draining: true)),
            .registered(
                Proto.Registered(
                    leases: [Proto.LeaseDisposition(lease: 1, keep: true, remainingMs: 5)], streams: [position])),
            .heartbeat(Proto.Heartbeat(collecting: 1, spooledItems: 300, spoolNearlyFull: true)),
            .heartbeatAck(Proto.HeartbeatAck(quota: 0, directives: [.drain, .unrecognized(-1)])),
        ]
    }

    private static var work: [Proto.Envelope.Body] {
        let outcome = Proto.LeaseOutcome(lease: 1, target: id, fence: fence, kind: .failedTarget, status: 503)
        return [
            .assignment(
                Proto.Assignment(
                    lease: 1, target: id, fence: fence, type: "http", location: "http://a.test/",
                    budget: Proto.HostBudget(host: "a.test", delayMs: 5), bookmark: [], metadata: ["k": "v"],
                    confidence: 0.5)),
            .leaseOutcomes(Proto.LeaseOutcomes(outcomes: [outcome], freeCapacity: 3)),
            .leaseOutcomesAck(Proto.LeaseOutcomesAck(leases: [1, 300])),
            .leaseRevoked(Proto.LeaseRevoked(lease: 1, reason: "late")),
            .renewLease(Proto.RenewLease(lease: 1, fence: fence, progress: 5)),
            .renewLeaseReply(Proto.RenewLeaseReply(lease: 1, kept: true)),
            .hostBudgetRequest(Proto.HostBudgetRequest(host: "a.test")),
            .hostBudget(Proto.HostBudget(host: "a.test", concurrency: 2)),
        ]
    }

    private static var intake: [Proto.Envelope.Body] {
        let artifact = Proto.Artifact(
            contentType: "text/plain", content: Array("words".utf8)[...], rawSource: "http://a.test/1",
            metadata: ["a": "1", "b": "2"], threatLevel: 1, collectedAtMs: -1, scoreReasons: ["r"],
            signals: ["tdm": "1"])
        let items = [
            Proto.Item(lease: 1, kind: .artifact(artifact)),
            Proto.Item(kind: .unchanged(Proto.Unchanged(digest: id, rawSource: "s"))),
            Proto.Item(lease: 1, kind: .bookmark(Proto.Bookmark(value: [9]))),
        ]
        let lease = Proto.LeaseRef(lease: 1, target: id, fence: fence)
        let verdicts = [
            Proto.Verdict(code: .stored, digest: id, artifact: 12, version: 1, duplicate: .sameContent),
            Proto.Verdict(code: .refused, field: "content", message: "empty"),
        ]
        return [
            .ingestBatch(Proto.IngestBatch(stream: .max, firstSequence: 1, items: items, leases: [lease])),
            .ingestAck(
                Proto.IngestAck(
                    stream: .max, firstSequence: 1, durability: .fsync, lastApplied: 3, verdicts: verdicts,
                    credit: 2_045, suggestions: ["larger batches"])),
        ]
    }

    private static var versions: [Proto.Envelope.Body] {
        let artifact = Proto.ArtifactInfo(id: 4, weight: 0.25, reputation: 0.5, heldTo: 9)
        let totals = Proto.SightingTotals(exact: 3, normalised: 1, sources: 2, others: 7)
        let sighting = Proto.SightingInfo(node: "n-1", kind: .normalised, count: 3, confidence: 0.1, variant: .max)
        let range = Proto.MissingRange(stream: 7, node: "n-1", first: 5, last: 9, accepted: true)
        return [
            .artifactHistory(Proto.ArtifactHistory(id: 4, after: 1, limit: 10)),
            .artifactHistoryReply(Proto.ArtifactHistoryReply(versions: [artifact], next: 3, sightings: totals)),
            .artifactSightings(Proto.ArtifactSightings(id: 4, node: "n-1")),
            .artifactSightingsReply(
                Proto.ArtifactSightingsReply(artifact: artifact, sightings: [sighting], totals: totals, key: id)),
            .backup(Proto.Backup(key: id, directory: "/b", withSecret: true)),
            .backupReply(Proto.BackupReply(state: .done, message: "m", copiedBytes: 9, stateVersion: 4)),
            .listMissing(Proto.ListMissing()), .listMissingReply(Proto.ListMissingReply(ranges: [range])),
            .rekey(Proto.Rekey(key: id)),
            .rekeyReply(Proto.RekeyReply(secretId: id, identityVersion: 2, done: true, renamed: 3, total: 4)),
        ]
    }

    private static var operators: [Proto.Envelope.Body] {
        let spec = Proto.TargetSpec(type: "feed", location: "http://a.test/f", priority: 0, labels: ["l": ""])
        let artifact = Proto.ArtifactInfo(id: 4, digest: id, metadata: ["a": "1"], confidence: 0, late: true)
        let fault = Proto.FaultInfo(id: 1, fault: .delay, node: "n-1", remainingMs: 4, state: "active")
        let node = Proto.NodeInfo(name: "n-1", state: "online", capabilities: ["http"], labels: ["zone": "a"])
        return [
            .submitTargets(Proto.SubmitTargets(key: id, chunk: 1, targets: [spec])),
            .submitTargetsReply(
                Proto.SubmitTargetsReply(chunk: 1, verdicts: [Proto.TargetVerdict(result: .created, target: id)])),
            .clusterStatus(Proto.ClusterStatus()),
            .clusterStatusReply(
                Proto.ClusterStatusReply(
                    clusterId: id, counters: [Proto.Counter(name: "c", value: 1)], nodes: [node], alerts: ["a"])),
            .listArtifacts(Proto.ListArtifacts(before: 1, limit: 10)),
            .listArtifactsReply(Proto.ListArtifactsReply(artifacts: [artifact], next: 1)),
            .getArtifact(Proto.GetArtifact(which: .digest(id), withContent: true)),
            .getArtifactReply(Proto.GetArtifactReply(artifact: artifact, content: [1])),
            .listTargets(Proto.ListTargets(state: "due", after: id)),
            .listTargetsReply(Proto.ListTargetsReply(targets: [Proto.TargetInfo(id: id, type: "feed")], next: id)),
            .listNodes(Proto.ListNodes()), .listNodesReply(Proto.ListNodesReply(nodes: [node])),
            .chaosInject(Proto.ChaosInject(key: id, fault: .delay, node: "n-1", durationMs: 9, delayMs: 1)),
            .chaosClear(Proto.ChaosClear(fault: 1)), .chaosList(Proto.ChaosList()),
            .chaosFaults(Proto.ChaosFaults(faults: [fault])),
            .chaosDirective(Proto.ChaosDirective(faultId: 1, fault: .pauseNode, durationMs: 9)),
        ]
    }

    private static var standing: [Proto.Envelope.Body] {
        let decision = Proto.ReputationDecision(
            number: 3, atMs: -1, kind: "epoch", scoreBefore: 0.5, scoreAfter: 0.51, artifacts: [4, 300], judges: ["n-2"]
        )
        let ranked = Proto.RankedArtifact(artifact: Proto.ArtifactInfo(id: 4, node: "n-1"), score: 0.25, effective: 0.5)
        return [
            .getNodeReputation(Proto.GetNodeReputation(name: "n-1", decisions: 10)),
            .getNodeReputationReply(
                Proto.GetNodeReputationReply(
                    name: "n-1", score: 0.5, outlier: true, brier: 0, run: -2, decisions: [decision])),
            .topArtifacts(Proto.TopArtifacts(limit: 9)),
            .topArtifactsReply(Proto.TopArtifactsReply(artifacts: [ranked], stateVersion: 7)),
        ]
    }

    private static var patterns: [Proto.Envelope.Body] {
        let pattern = Proto.PatternInfo(
            id: 3, members: 9, terms: [Proto.PatternTerm(text: "a b", weight: 0.5, texts: 4)],
            characteristics: [Proto.PatternCharacteristic(name: "data", weight: 0.1)],
            nodes: [Proto.PatternShare(name: "n-1", count: 9)], excerpt: "a b c", confidence: 0.4,
            change: Proto.PatternChange(similarity: 0.9, membersDelta: -3, newTerms: ["a"], goneTerms: ["b"]))
        return [
            .runPatterns(Proto.RunPatterns()), .listPatterns(Proto.ListPatterns(stateVersion: 7)),
            .listPatternsReply(Proto.ListPatternsReply(stateVersion: 7, patterns: [pattern], gone: ["p1"])),
            .explainPattern(Proto.ExplainPattern(artifact: 4)),
            .explainPatternReply(
                Proto.ExplainPatternReply(
                    artifact: 4, pattern: 3, contributions: [Proto.PatternContribution(term: "a", count: 2)])),
            .listPatternTexts(Proto.ListPatternTexts(after: 4, limit: 5)),
            .listPatternTextsReply(
                Proto.ListPatternTextsReply(texts: [Proto.PatternText(artifact: 4, pattern: 3, content: [97])])),
        ]
    }

    private static var feed: [Proto.Envelope.Body] {
        let scenario = Proto.ScenarioInfo(id: "s1-2", sequence: 2, kind: "scenario", objectives: ["o"], quality: 0.5)
        let skipped = Proto.SkippedInfo(artifact: 4, reason: "r", sinceAtMs: 5)
        return [
            .feedStatus(Proto.FeedStatus()),
            .feedStatusReply(
                Proto.FeedStatusReply(
                    paused: true, rate: 100, counters: [Proto.Counter(name: "c", value: 1)], sink: "jsonl")),
            .listScenarios(Proto.ListScenarios(before: 9, limit: 1)),
            .listScenariosReply(Proto.ListScenariosReply(scenarios: [scenario], next: 2)),
            .listSkipped(Proto.ListSkipped(limit: 3)), .listSkippedReply(Proto.ListSkippedReply(skipped: [skipped])),
            .feedControl(Proto.FeedControl(paused: true)),
            .rateScenario(Proto.RateScenario(id: "s1-2", quality: 0.25)), .rateScenarioReply(Proto.RateScenarioReply()),
        ]
    }
}
