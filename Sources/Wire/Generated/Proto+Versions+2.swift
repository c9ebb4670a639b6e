// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    package struct ArtifactSightingsReply: ProtoMessage {
        package var artifact: Proto.ArtifactInfo? = nil
        package var sightings: [Proto.SightingInfo] = []
        package var totals: Proto.SightingTotals? = nil
        /// the artifact that owns the content, where it is another
        package var contentHome: UInt64 = 0
        package var algorithm: String = ""
        package var unicode: String = ""
        /// id of the secret that the digests are made with
        package var key: ArraySlice<UInt8> = []
        package var sightingsVersion: UInt64 = 0

        package init() {}

        package init(
            artifact: Proto.ArtifactInfo? = nil,
            sightings: [Proto.SightingInfo] = [],
            totals: Proto.SightingTotals? = nil,
            contentHome: UInt64 = 0,
            algorithm: String = "",
            unicode: String = "",
            key: ArraySlice<UInt8> = [],
            sightingsVersion: UInt64 = 0
        ) {
            self.artifact = artifact
            self.sightings = sightings
            self.totals = totals
            self.contentHome = contentHome
            self.algorithm = algorithm
            self.unicode = unicode
            self.key = key
            self.sightingsVersion = sightingsVersion
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: artifact = try reader.message()
                case 18: try reader.message(into: &sightings)
                case 26: totals = try reader.message()
                case 32: contentHome = try reader.uint64()
                case 42: algorithm = try reader.string()
                case 50: unicode = try reader.string()
                case 58: key = try reader.bytes()
                case 64: sightingsVersion = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if sightingsVersion != 0 { writer.uint64(sightingsVersion); writer.tag(64) }
            if !key.isEmpty { writer.bytes(key); writer.tag(58) }
            if !unicode.isEmpty { writer.string(unicode); writer.tag(50) }
            if !algorithm.isEmpty { writer.string(algorithm); writer.tag(42) }
            if contentHome != 0 { writer.uint64(contentHome); writer.tag(32) }
            if let totals { writer.message(totals); writer.tag(26) }
            writer.messages(sightings, tag: 18)
            if let artifact { writer.message(artifact); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if let artifact { size += 1 + ProtoSize.message(artifact) }
            size += ProtoSize.messages(sightings, tag: 1)
            if let totals { size += 1 + ProtoSize.message(totals) }
            if contentHome != 0 { size += 1 + ProtoSize.uint64(contentHome) }
            if !algorithm.isEmpty { size += 1 + ProtoSize.string(algorithm) }
            if !unicode.isEmpty { size += 1 + ProtoSize.string(unicode) }
            if !key.isEmpty { size += 1 + ProtoSize.bytes(key) }
            if sightingsVersion != 0 { size += 1 + ProtoSize.uint64(sightingsVersion) }
            return size
        }
    }
}
