// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    package struct GetNodeReputation: ProtoMessage {
        package var name: String = ""
        /// how many of the newest to send with it; at most 1,000
        package var decisions: UInt32 = 0
        /// as the decisions up to this state version left it; 0: now
        package var atVersion: UInt64 = 0

        package init() {}

        package init(
            name: String = "",
            decisions: UInt32 = 0,
            atVersion: UInt64 = 0
        ) {
            self.name = name
            self.decisions = decisions
            self.atVersion = atVersion
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: name = try reader.string()
                case 16: decisions = try reader.uint32()
                case 80: atVersion = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if atVersion != 0 { writer.uint64(atVersion); writer.tag(80) }
            if decisions != 0 { writer.uint32(decisions); writer.tag(16) }
            if !name.isEmpty { writer.string(name); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !name.isEmpty { size += 1 + ProtoSize.string(name) }
            if decisions != 0 { size += 1 + ProtoSize.uint32(decisions) }
            if atVersion != 0 { size += 1 + ProtoSize.uint64(atVersion) }
            return size
        }
    }
}

extension Proto {
    /// Why a node's standing is what it is. Every change of it is one of these.
    package struct ReputationDecision: ProtoMessage {
        /// counts the node's decisions
        package var number: UInt64 = 0
        package var atMs: Int64 = 0
        /// epoch, contradicted, rated, outlier, clean, votes-ignored, established, decay
        package var kind: String = ""
        package var reason: String = ""
        package var scoreBefore: Double = 0
        package var scoreAfter: Double = 0
        package var calibration: Double = 0
        /// of an epoch: good, bad or neutral
        package var verdict: String = ""
        /// artifacts in the epoch
        package var received: UInt64 = 0
        package var refused: UInt64 = 0
        package var corroborated: UInt64 = 0
        package var contradicted: UInt64 = 0
        /// about this node, over a cap
        package var votesDropped: UInt64 = 0
        /// those concerned, or the first of them
        package var artifacts: [UInt64] = []
        /// who said so
        package var judges: [String] = []
        /// the commit, or the rating after it, that led to it
        package var stateVersion: UInt64 = 0
        /// after it
        package var effective: Double = 0

        package init() {}

        package init(
            number: UInt64 = 0,
            atMs: Int64 = 0,
            kind: String = "",
            reason: String = "",
            scoreBefore: Double = 0,
            scoreAfter: Double = 0,
            calibration: Double = 0,
            verdict: String = "",
            received: UInt64 = 0,
            refused: UInt64 = 0,
            corroborated: UInt64 = 0,
            contradicted: UInt64 = 0,
            votesDropped: UInt64 = 0,
            artifacts: [UInt64] = [],
            judges: [String] = [],
            stateVersion: UInt64 = 0,
            effective: Double = 0
        ) {
            self.number = number
            self.atMs = atMs
            self.kind = kind
            self.reason = reason
            self.scoreBefore = scoreBefore
            self.scoreAfter = scoreAfter
            self.calibration = calibration
            self.verdict = verdict
            self.received = received
            self.refused = refused
            self.corroborated = corroborated
            self.contradicted = contradicted
            self.votesDropped = votesDropped
            self.artifacts = artifacts
            self.judges = judges
            self.stateVersion = stateVersion
            self.effective = effective
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: number = try reader.uint64()
                case 16: atMs = try reader.int64()
                case 26: kind = try reader.string()
                case 34: reason = try reader.string()
                case 41: scoreBefore = try reader.double()
                case 49: scoreAfter = try reader.double()
                case 57: calibration = try reader.double()
                case 66: verdict = try reader.string()
                case 72: received = try reader.uint64()
                case 80: refused = try reader.uint64()
                case 88: corroborated = try reader.uint64()
                case 96: contradicted = try reader.uint64()
                case 104: votesDropped = try reader.uint64()
                case 112:
                    try reader.charge(MemoryLayout<UInt64>.stride)
                    artifacts.append(try reader.uint64())
                case 114:
                    let outer = try reader.enter()
                    while !reader.isAtEnd {
                        try reader.charge(MemoryLayout<UInt64>.stride)
                        artifacts.append(try reader.uint64())
                    }
                    reader.leave(outer)
                case 122:
                    try reader.charge(MemoryLayout<String>.stride)
                    judges.append(try reader.string())
                case 128: stateVersion = try reader.uint64()
                case 137: effective = try reader.double()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if effective.bitPattern != 0 { writer.double(effective); writer.tag(137) }
            if stateVersion != 0 { writer.uint64(stateVersion); writer.tag(128) }
            for value in judges.reversed() { writer.string(value); writer.tag(122) }
            if !artifacts.isEmpty {
                let end = writer.position
                for value in artifacts.reversed() { writer.uint64(value) }
                writer.length(since: end)
                writer.tag(114)
            }
            if votesDropped != 0 { writer.uint64(votesDropped); writer.tag(104) }
            if contradicted != 0 { writer.uint64(contradicted); writer.tag(96) }
            if corroborated != 0 { writer.uint64(corroborated); writer.tag(88) }
            if refused != 0 { writer.uint64(refused); writer.tag(80) }
            if received != 0 { writer.uint64(received); writer.tag(72) }
            if !verdict.isEmpty { writer.string(verdict); writer.tag(66) }
            if calibration.bitPattern != 0 { writer.double(calibration); writer.tag(57) }
            if scoreAfter.bitPattern != 0 { writer.double(scoreAfter); writer.tag(49) }
            if scoreBefore.bitPattern != 0 { writer.double(scoreBefore); writer.tag(41) }
            if !reason.isEmpty { writer.string(reason); writer.tag(34) }
            if !kind.isEmpty { writer.string(kind); writer.tag(26) }
            if atMs != 0 { writer.int64(atMs); writer.tag(16) }
            if number != 0 { writer.uint64(number); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if number != 0 { size += 1 + ProtoSize.uint64(number) }
            if atMs != 0 { size += 1 + ProtoSize.int64(atMs) }
            if !kind.isEmpty { size += 1 + ProtoSize.string(kind) }
            if !reason.isEmpty { size += 1 + ProtoSize.string(reason) }
            if scoreBefore.bitPattern != 0 { size += 1 + ProtoSize.double(scoreBefore) }
            if scoreAfter.bitPattern != 0 { size += 1 + ProtoSize.double(scoreAfter) }
            if calibration.bitPattern != 0 { size += 1 + ProtoSize.double(calibration) }
            if !verdict.isEmpty { size += 1 + ProtoSize.string(verdict) }
            if received != 0 { size += 1 + ProtoSize.uint64(received) }
            if refused != 0 { size += 1 + ProtoSize.uint64(refused) }
            if corroborated != 0 { size += 1 + ProtoSize.uint64(corroborated) }
            if contradicted != 0 { size += 1 + ProtoSize.uint64(contradicted) }
            if votesDropped != 0 { size += 1 + ProtoSize.uint64(votesDropped) }
            if !artifacts.isEmpty {
                let run = artifacts.reduce(0) { $0 + ProtoSize.uint64($1) }
                size += 1 + ProtoSize.prefixed(run)
            }
            for value in judges { size += 1 + ProtoSize.string(value) }
            if stateVersion != 0 { size += 2 + ProtoSize.uint64(stateVersion) }
            if effective.bitPattern != 0 { size += 2 + ProtoSize.double(effective) }
            return size
        }
    }
}

extension Proto {
    package struct GetNodeReputationReply: ProtoMessage {
        package var name: String = ""
        package var score: Double = 0
        package var calibration: Double = 0
        package var effective: Double = 0
        package var newcomer: Bool = false
        /// effective reputation is halved
        package var outlier: Bool = false
        /// what it says about others does not count
        package var votesIgnored: Bool = false
        package var corroborated: UInt64 = 0
        package var contradicted: UInt64 = 0
        package var votesDropped: UInt64 = 0
        package var lastActiveMs: Int64 = 0
        /// absent: nothing was claimed yet
        package var brier: Double? = nil
        /// epochs in a row that agree; negative: bad ones
        package var run: Int32 = 0
        /// the commit up to which this was computed
        package var stateVersion: UInt64 = 0
        /// newest first
        package var decisions: [Proto.ReputationDecision] = []
        /// of sinks, as of now; absent: none has rated what it brought
        package var rating: Double? = nil

        package init() {}

        package init(
            name: String = "",
            score: Double = 0,
            calibration: Double = 0,
            effective: Double = 0,
            newcomer: Bool = false,
            outlier: Bool = false,
            votesIgnored: Bool = false,
            corroborated: UInt64 = 0,
            contradicted: UInt64 = 0,
            votesDropped: UInt64 = 0,
            lastActiveMs: Int64 = 0,
            brier: Double? = nil,
            run: Int32 = 0,
            stateVersion: UInt64 = 0,
            decisions: [Proto.ReputationDecision] = [],
            rating: Double? = nil
        ) {
            self.name = name
            self.score = score
            self.calibration = calibration
            self.effective = effective
            self.newcomer = newcomer
            self.outlier = outlier
            self.votesIgnored = votesIgnored
            self.corroborated = corroborated
            self.contradicted = contradicted
            self.votesDropped = votesDropped
            self.lastActiveMs = lastActiveMs
            self.brier = brier
            self.run = run
            self.stateVersion = stateVersion
            self.decisions = decisions
            self.rating = rating
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: name = try reader.string()
                case 17: score = try reader.double()
                case 25: calibration = try reader.double()
                case 33: effective = try reader.double()
                case 40: newcomer = try reader.bool()
                case 48: outlier = try reader.bool()
                case 56: votesIgnored = try reader.bool()
                case 64: corroborated = try reader.uint64()
                case 72: contradicted = try reader.uint64()
                case 80: votesDropped = try reader.uint64()
                case 88: lastActiveMs = try reader.int64()
                case 97: brier = try reader.double()
                case 104: run = try reader.int32()
                case 112: stateVersion = try reader.uint64()
                case 122: try reader.message(into: &decisions)
                case 129: rating = try reader.double()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if let rating { writer.double(rating); writer.tag(129) }
            writer.messages(decisions, tag: 122)
            if stateVersion != 0 { writer.uint64(stateVersion); writer.tag(112) }
            if run != 0 { writer.int32(run); writer.tag(104) }
            if let brier { writer.double(brier); writer.tag(97) }
            if lastActiveMs != 0 { writer.int64(lastActiveMs); writer.tag(88) }
            if votesDropped != 0 { writer.uint64(votesDropped); writer.tag(80) }
            if contradicted != 0 { writer.uint64(contradicted); writer.tag(72) }
            if corroborated != 0 { writer.uint64(corroborated); writer.tag(64) }
            if votesIgnored { writer.bool(votesIgnored); writer.tag(56) }
            if outlier { writer.bool(outlier); writer.tag(48) }
            if newcomer { writer.bool(newcomer); writer.tag(40) }
            if effective.bitPattern != 0 { writer.double(effective); writer.tag(33) }
            if calibration.bitPattern != 0 { writer.double(calibration); writer.tag(25) }
            if score.bitPattern != 0 { writer.double(score); writer.tag(17) }
            if !name.isEmpty { writer.string(name); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !name.isEmpty { size += 1 + ProtoSize.string(name) }
            if score.bitPattern != 0 { size += 1 + ProtoSize.double(score) }
            if calibration.bitPattern != 0 { size += 1 + ProtoSize.double(calibration) }
            if effective.bitPattern != 0 { size += 1 + ProtoSize.double(effective) }
            if newcomer { size += 1 + ProtoSize.bool(newcomer) }
            if outlier { size += 1 + ProtoSize.bool(outlier) }
            if votesIgnored { size += 1 + ProtoSize.bool(votesIgnored) }
            if corroborated != 0 { size += 1 + ProtoSize.uint64(corroborated) }
            if contradicted != 0 { size += 1 + ProtoSize.uint64(contradicted) }
            if votesDropped != 0 { size += 1 + ProtoSize.uint64(votesDropped) }
            if lastActiveMs != 0 { size += 1 + ProtoSize.int64(lastActiveMs) }
            if let brier { size += 1 + ProtoSize.double(brier) }
            if run != 0 { size += 1 + ProtoSize.int32(run) }
            if stateVersion != 0 { size += 1 + ProtoSize.uint64(stateVersion) }
            size += ProtoSize.messages(decisions, tag: 1)
            if let rating { size += 2 + ProtoSize.double(rating) }
            return size
        }
    }
}
