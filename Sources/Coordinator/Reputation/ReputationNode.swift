import Model
import Storage

/// All that is known about one node's standing.
struct ReputationNode {
    let name: String
    var score = Limits.startScore
    var calibration = Calibration.unknown
    /// Epochs in a row that agree: above 0 good ones, below 0 bad ones.
    var run = 0
    var lastActive: WallTime
    var corroborated: UInt64 = 0
    var contradicted: UInt64 = 0
    var dropped: UInt64 = 0
    /// Of what corroborated it: all of it, and the newcomers' part.
    var weight = 0.0
    var newcomerWeight = 0.0
    var isOutlier = false
    var cleanEpochs = 0
    /// Of the epoch that is open; nil when nothing has happened in it.
    var counts: EpochCounts?
    var votes = VoteBook()
    var judge = JudgeRecord()
    var decisions: UInt64 = 0
    var window = EvidenceWindow()

    init(name: String, lastActive: WallTime) {
        self.name = name
        self.lastActive = lastActive
    }

    var isNewcomer: Bool { corroborated < Limits.newcomerBelow }

    /// The score with what inactivity has taken from it. One below the start does not heal by hiding.
    func score(at now: WallTime) -> Double {
        let silent = now.milliseconds - lastActive.milliseconds - Limits.decayAfter
        guard silent > 0, score > Limits.startScore else { return score }
        return Limits.startScore
            + (score - Limits.startScore) * Calibration.power(Limits.decayFactor, days: silent)
    }

    func effective(at now: WallTime) -> Double { score(at: now) * calibration * (isOutlier ? 0.5 : 1) }

    /// Moves the score by at most one step, and only once three epochs agree.
    mutating func step(_ verdict: EpochCounts.Verdict) {
        switch verdict {
        case .good: run = max(run, 0) + 1
        case .bad: run = min(run, 0) - 1
        case .neutral: run = 0
        }
        if run >= Limits.epochsToAgree { score = min(score + Limits.goodStep, Limits.scoreRange.upperBound) }
        if run <= -Limits.epochsToAgree { score = max(score - Limits.badStep, Limits.scoreRange.lowerBound) }
    }

    mutating func calibrate() { calibration = Calibration.of(brier: window.brier) }

    /// Half of what it was, from an epoch that stands out until ten that do not.
    mutating func judge(isOutlying: Bool) {
        if isOutlying {
            isOutlier = true
            cleanEpochs = 0
        } else if isOutlier {
            cleanEpochs += 1
            if cleanEpochs >= Limits.outlierCleanEpochs { isOutlier = false }
        }
    }
}

// MARK: Stored form

extension ReputationNode {
    /// Everything but the window's entries, which have rows of their own.
    var stored: [UInt8] {
        var state = StateWriter()
        state.put(name)
        state.put(score)
        state.put(calibration)
        state.put(run)
        state.put(lastActive.milliseconds)
        for count in [corroborated, contradicted, dropped] { state.put(count) }
        state.put(weight)
        state.put(newcomerWeight)
        state.put(isOutlier)
        state.put(cleanEpochs)
        state.put(counts != nil)
        counts?.write(to: &state)
        votes.write(to: &state)
        judge.write(to: &state)
        state.put(decisions)
        state.put(window.place)
        return state.bytes
    }

    init(stored: [UInt8]) throws(StorageError) {
        var state = StateReader(stored)
        name = try state.string()
        score = try state.double()
        calibration = try state.double()
        run = try state.int()
        lastActive = WallTime(milliseconds: try state.signed())
        corroborated = try state.uint()
        contradicted = try state.uint()
        dropped = try state.uint()
        weight = try state.double()
        newcomerWeight = try state.double()
        isOutlier = try state.bool()
        cleanEpochs = try state.int()
        counts = try state.bool() ? try EpochCounts(from: &state) : nil
        votes = try VoteBook(from: &state)
        judge = try JudgeRecord(from: &state)
        decisions = try state.uint()
        window.restore(next: try state.int())
    }
}
