/// What should happen in some run: faults that took effect, and rare paths of the product. One that never fired in many
/// seeds was not tested.
package enum Occurrence: String, CaseIterable, Sendable {
    // Faults
    case hubKilled = "hub killed"
    case hubKilledInWrite = "hub killed in a write"
    case hubPowerCut = "hub power cut"
    case hubPowerCutInWrite = "hub power cut in a write"
    case nodeKilled = "node killed"
    case nodeKilledInWrite = "node killed in a write"
    case nodePowerCut = "node power cut"
    case nodePowerCutInWrite = "node power cut in a write"
    case nodePaused = "node paused"
    case hubPaused = "hub paused"
    case partitionBothWays = "partition, both ways"
    case partitionOneWay = "partition, one way"
    case connectionReset = "connection reset"
    case connectionBlackHole = "connection black hole"
    case packetLost = "packet lost and sent again"
    case bytesSliced = "bytes sliced"
    case diskError = "disk error"
    case diskFull = "disk full"
    case slowDisk = "slow disk"
    case wallJump = "wall clock jump"
    case nodeReinstalled = "node reinstalled"
    case nodeRestored = "node restored from a copy"
    case lieTold = "lie told"
    // Paths
    case crashBeforeAck = "crash between commit and ack"
    case crashBeforeEffects = "crash between turn and effects"
    case crashAfterSpooling = "crash between spooling and sending"
    case bytesAfterReconnect = "old connection's bytes after a new one"
    case replayAnswered = "replay answered"
    case gapAnswered = "gap answered"
    case streamForked = "stream forked"
    case unavailableAnswered = "unavailable answered"
    case staleOutcomeFenced = "stale outcome fenced"
    case falseClaim = "another's lease claimed"
    case falseClaimAlone = "another's lease claimed, nothing else in the turn"
    case foreignRenewalRefused = "another's lease not renewed"
    case receiptsBeforeOutcome = "receipts before outcome"
    case outcomeBeforeReceipts = "outcome before receipts"
    case leaseKept = "lease kept over a reconnect"
    case leaseDropped = "lease dropped at a reconnect"
    case leaseExpired = "lease expired"
    case leaseRenewed = "lease renewed"
    case handedBack = "lease handed back"
    case lateMarked = "late lease marked"
    case commitUnknown = "commit unknown"
    case ledgerRecovered = "ledger recovered"
    case orchestratorRecovered = "orchestrator recovered"
    case receiptsRepeated = "receipts repeated"
    case duplicateAcrossNodes = "duplicate across nodes"
    case artifactRefused = "artifact refused"
    case unchangedConfirmed = "unchanged confirmed"
    case bookmarkGiven = "bookmark given back"
    case nameTaken = "name taken"
    case nodeOffline = "node counted as offline"
    case spoolFull = "spool full"
    case submissionRepeated = "submission repeated"
    case emptyCollection = "empty collection"
    case failedCollection = "failed collection"
    case targetDied = "target died"
    case calmRun = "calm run"
}

package struct Coverage: Sendable {
    private var counts = [UInt64](repeating: 0, count: Occurrence.allCases.count)
    private static let places = Dictionary(uniqueKeysWithValues: Occurrence.allCases.enumerated().map { ($1, $0) })

    package init() {}

    package subscript(occurrence: Occurrence) -> UInt64 { counts[Coverage.places[occurrence] ?? 0] }

    mutating func add(_ occurrence: Occurrence, _ count: UInt64 = 1) {
        counts[Coverage.places[occurrence] ?? 0] += count
    }

    package mutating func add(_ other: Coverage) {
        for place in counts.indices { counts[place] += other.counts[place] }
    }
}
