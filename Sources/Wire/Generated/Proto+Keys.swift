// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    /// Changes the dedup secret. Asking again with the same key changes nothing, and tells how far it is.
    package struct Rekey: ProtoMessage {
        package var key: ArraySlice<UInt8> = []

        package init() {}

        package init(
            key: ArraySlice<UInt8> = []
        ) {
            self.key = key
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: key = try reader.bytes()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !key.isEmpty { writer.bytes(key); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !key.isEmpty { size += 1 + ProtoSize.bytes(key) }
            return size
        }
    }
}

extension Proto {
    package struct RekeyReply: ProtoMessage {
        /// names the secret that new digests are made with
        package var secretId: ArraySlice<UInt8> = []
        /// of these digests
        package var identityVersion: UInt32 = 0
        /// every digest is made with it
        package var done: Bool = false
        /// artifacts whose digests are made anew, of those that were stored before
        package var renamed: UInt64 = 0
        package var total: UInt64 = 0

        package init() {}

        package init(
            secretId: ArraySlice<UInt8> = [],
            identityVersion: UInt32 = 0,
            done: Bool = false,
            renamed: UInt64 = 0,
            total: UInt64 = 0
        ) {
            self.secretId = secretId
            self.identityVersion = identityVersion
            self.done = done
            self.renamed = renamed
            self.total = total
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: secretId = try reader.bytes()
                case 16: identityVersion = try reader.uint32()
                case 24: done = try reader.bool()
                case 32: renamed = try reader.uint64()
                case 40: total = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if total != 0 { writer.uint64(total); writer.tag(40) }
            if renamed != 0 { writer.uint64(renamed); writer.tag(32) }
            if done { writer.bool(done); writer.tag(24) }
            if identityVersion != 0 { writer.uint32(identityVersion); writer.tag(16) }
            if !secretId.isEmpty { writer.bytes(secretId); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !secretId.isEmpty { size += 1 + ProtoSize.bytes(secretId) }
            if identityVersion != 0 { size += 1 + ProtoSize.uint32(identityVersion) }
            if done { size += 1 + ProtoSize.bool(done) }
            if renamed != 0 { size += 1 + ProtoSize.uint64(renamed) }
            if total != 0 { size += 1 + ProtoSize.uint64(total) }
            return size
        }
    }
}
