// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    package struct TopArtifacts: ProtoMessage {
        package var limit: UInt32 = 0

        package init() {}

        package init(
            limit: UInt32 = 0
        ) {
            self.limit = limit
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: limit = try reader.uint32()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if limit != 0 { writer.uint32(limit); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if limit != 0 { size += 1 + ProtoSize.uint32(limit) }
            return size
        }
    }
}

extension Proto {
    package struct RankedArtifact: ProtoMessage {
        package var artifact: Proto.ArtifactInfo? = nil
        /// now
        package var score: Double = 0
        /// the node's reputation that went into it
        package var effective: Double = 0

        package init() {}

        package init(
            artifact: Proto.ArtifactInfo? = nil,
            score: Double = 0,
            effective: Double = 0
        ) {
            self.artifact = artifact
            self.score = score
            self.effective = effective
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: artifact = try reader.message()
                case 17: score = try reader.double()
                case 25: effective = try reader.double()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if effective.bitPattern != 0 { writer.double(effective); writer.tag(25) }
            if score.bitPattern != 0 { writer.double(score); writer.tag(17) }
            if let artifact { writer.message(artifact); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if let artifact { size += 1 + ProtoSize.message(artifact) }
            if score.bitPattern != 0 { size += 1 + ProtoSize.double(score) }
            if effective.bitPattern != 0 { size += 1 + ProtoSize.double(effective) }
            return size
        }
    }
}

extension Proto {
    package struct TopArtifactsReply: ProtoMessage {
        package var artifacts: [Proto.RankedArtifact] = []
        package var stateVersion: UInt64 = 0

        package init() {}

        package init(
            artifacts: [Proto.RankedArtifact] = [],
            stateVersion: UInt64 = 0
        ) {
            self.artifacts = artifacts
            self.stateVersion = stateVersion
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &artifacts)
                case 16: stateVersion = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if stateVersion != 0 { writer.uint64(stateVersion); writer.tag(16) }
            writer.messages(artifacts, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(artifacts, tag: 1)
            if stateVersion != 0 { size += 1 + ProtoSize.uint64(stateVersion) }
            return size
        }
    }
}
