// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    package struct ListTargets: ProtoMessage {
        /// empty: all
        package var state: String = ""
        /// cursor: the last id of the page before
        package var after: ArraySlice<UInt8> = []
        package var limit: UInt32 = 0
        package var filter: Proto.TargetFilter? = nil
        package var withSpec: Bool = false

        package init() {}

        package init(
            state: String = "",
            after: ArraySlice<UInt8> = [],
            limit: UInt32 = 0,
            filter: Proto.TargetFilter? = nil,
            withSpec: Bool = false
        ) {
            self.state = state
            self.after = after
            self.limit = limit
            self.filter = filter
            self.withSpec = withSpec
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: state = try reader.string()
                case 18: after = try reader.bytes()
                case 24: limit = try reader.uint32()
                case 34: filter = try reader.message()
                case 40: withSpec = try reader.bool()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if withSpec { writer.bool(withSpec); writer.tag(40) }
            if let filter { writer.message(filter); writer.tag(34) }
            if limit != 0 { writer.uint32(limit); writer.tag(24) }
            if !after.isEmpty { writer.bytes(after); writer.tag(18) }
            if !state.isEmpty { writer.string(state); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !state.isEmpty { size += 1 + ProtoSize.string(state) }
            if !after.isEmpty { size += 1 + ProtoSize.bytes(after) }
            if limit != 0 { size += 1 + ProtoSize.uint32(limit) }
            if let filter { size += 1 + ProtoSize.message(filter) }
            if withSpec { size += 1 + ProtoSize.bool(withSpec) }
            return size
        }
    }
}

extension Proto {
    /// Every field that is not empty must match.
    package struct TargetFilter: ProtoMessage {
        package var state: String = ""
        package var type: String = ""
        /// KEY=VALUE
        package var label: String = ""
        package var host: String = ""
        /// somewhere in the location
        package var text: String = ""

        package init() {}

        package init(
            state: String = "",
            type: String = "",
            label: String = "",
            host: String = "",
            text: String = ""
        ) {
            self.state = state
            self.type = type
            self.label = label
            self.host = host
            self.text = text
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: state = try reader.string()
                case 18: type = try reader.string()
                case 26: label = try reader.string()
                case 34: host = try reader.string()
                case 42: text = try reader.string()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !text.isEmpty { writer.string(text); writer.tag(42) }
            if !host.isEmpty { writer.string(host); writer.tag(34) }
            if !label.isEmpty { writer.string(label); writer.tag(26) }
            if !type.isEmpty { writer.string(type); writer.tag(18) }
            if !state.isEmpty { writer.string(state); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !state.isEmpty { size += 1 + ProtoSize.string(state) }
            if !type.isEmpty { size += 1 + ProtoSize.string(type) }
            if !label.isEmpty { size += 1 + ProtoSize.string(label) }
            if !host.isEmpty { size += 1 + ProtoSize.string(host) }
            if !text.isEmpty { size += 1 + ProtoSize.string(text) }
            return size
        }
    }
}

extension Proto {
    package struct TargetInfo: ProtoMessage {
        package var id: ArraySlice<UInt8> = []
        package var type: String = ""
        package var location: String = ""
        package var state: String = ""
        package var priority: UInt32 = 0
        package var attempts: UInt64 = 0
        package var successes: UInt64 = 0
        package var lastError: String = ""
        package var dueInMs: UInt64 = 0
        package var node: String = ""
        /// all that was submitted, so that submitting it again changes nothing
        package var spec: Proto.TargetSpec? = nil
        package var lastAttemptMsAgo: UInt64? = nil
        package var lastSuccessMsAgo: UInt64? = nil
        /// in a row
        package var failures: UInt32 = 0
        package var host: String = ""

        package init() {}

        package init(
            id: ArraySlice<UInt8> = [],
            type: String = "",
            location: String = "",
            state: String = "",
            priority: UInt32 = 0,
            attempts: UInt64 = 0,
            successes: UInt64 = 0,
            lastError: String = "",
            dueInMs: UInt64 = 0,
            node: String = "",
            spec: Proto.TargetSpec? = nil,
            lastAttemptMsAgo: UInt64? = nil,
            lastSuccessMsAgo: UInt64? = nil,
            failures: UInt32 = 0,
            host: String = ""
        ) {
            self.id = id
            self.type = type
            self.location = location
            self.state = state
            self.priority = priority
            self.attempts = attempts
            self.successes = successes
            self.lastError = lastError
            self.dueInMs = dueInMs
            self.node = node
            self.spec = spec
            self.lastAttemptMsAgo = lastAttemptMsAgo
            self.lastSuccessMsAgo = lastSuccessMsAgo
            self.failures = failures
            self.host = host
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: id = try reader.bytes()
                case 18: type = try reader.string()
                case 26: location = try reader.string()
                case 34: state = try reader.string()
                case 40: priority = try reader.uint32()
                case 48: attempts = try reader.uint64()
                case 56: successes = try reader.uint64()
                case 66: lastError = try reader.string()
                case 72: dueInMs = try reader.uint64()
                case 82: node = try reader.string()
                case 90: spec = try reader.message()
                case 96: lastAttemptMsAgo = try reader.uint64()
                case 104: lastSuccessMsAgo = try reader.uint64()
                case 112: failures = try reader.uint32()
                case 122: host = try reader.string()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !host.isEmpty { writer.string(host); writer.tag(122) }
            if failures != 0 { writer.uint32(failures); writer.tag(112) }
            if let lastSuccessMsAgo { writer.uint64(lastSuccessMsAgo); writer.tag(104) }
            if let lastAttemptMsAgo { writer.uint64(lastAttemptMsAgo); writer.tag(96) }
            if let spec { writer.message(spec); writer.tag(90) }
            if !node.isEmpty { writer.string(node); writer.tag(82) }
            if dueInMs != 0 { writer.uint64(dueInMs); writer.tag(72) }
            if !lastError.isEmpty { writer.string(lastError); writer.tag(66) }
            if successes != 0 { writer.uint64(successes); writer.tag(56) }
            if attempts != 0 { writer.uint64(attempts); writer.tag(48) }
            if priority != 0 { writer.uint32(priority); writer.tag(40) }
            if !state.isEmpty { writer.string(state); writer.tag(34) }
            if !location.isEmpty { writer.string(location); writer.tag(26) }
            if !type.isEmpty { writer.string(type); writer.tag(18) }
            if !id.isEmpty { writer.bytes(id); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !id.isEmpty { size += 1 + ProtoSize.bytes(id) }
            if !type.isEmpty { size += 1 + ProtoSize.string(type) }
            if !location.isEmpty { size += 1 + ProtoSize.string(location) }
            if !state.isEmpty { size += 1 + ProtoSize.string(state) }
            if priority != 0 { size += 1 + ProtoSize.uint32(priority) }
            if attempts != 0 { size += 1 + ProtoSize.uint64(attempts) }
            if successes != 0 { size += 1 + ProtoSize.uint64(successes) }
            if !lastError.isEmpty { size += 1 + ProtoSize.string(lastError) }
            if dueInMs != 0 { size += 1 + ProtoSize.uint64(dueInMs) }
            if !node.isEmpty { size += 1 + ProtoSize.string(node) }
            if let spec { size += 1 + ProtoSize.message(spec) }
            if let lastAttemptMsAgo { size += 1 + ProtoSize.uint64(lastAttemptMsAgo) }
            if let lastSuccessMsAgo { size += 1 + ProtoSize.uint64(lastSuccessMsAgo) }
            if failures != 0 { size += 1 + ProtoSize.uint32(failures) }
            if !host.isEmpty { size += 1 + ProtoSize.string(host) }
            return size
        }
    }
}

extension Proto {
    package struct ListTargetsReply: ProtoMessage {
        package var targets: [Proto.TargetInfo] = []
        /// empty: no more
        package var next: ArraySlice<UInt8> = []

        package init() {}

        package init(
            targets: [Proto.TargetInfo] = [],
            next: ArraySlice<UInt8> = []
        ) {
            self.targets = targets
            self.next = next
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: try reader.message(into: &targets)
                case 18: next = try reader.bytes()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !next.isEmpty { writer.bytes(next); writer.tag(18) }
            writer.messages(targets, tag: 10)
        }

        package var encodedSize: Int {
            var size = 0
            size += ProtoSize.messages(targets, tag: 1)
            if !next.isEmpty { size += 1 + ProtoSize.bytes(next) }
            return size
        }
    }
}

extension Proto {
    package struct ListArtifacts: ProtoMessage {
        /// cursor: ids below this one; 0: from the newest on
        package var before: UInt64 = 0
        package var limit: UInt32 = 0
        /// what held at this state version; 0: the newest
        package var atVersion: UInt64 = 0

        package init() {}

        package init(
            before: UInt64 = 0,
            limit: UInt32 = 0,
            atVersion: UInt64 = 0
        ) {
            self.before = before
            self.limit = limit
            self.atVersion = atVersion
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: before = try reader.uint64()
                case 16: limit = try reader.uint32()
                case 80: atVersion = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if atVersion != 0 { writer.uint64(atVersion); writer.tag(80) }
            if limit != 0 { writer.uint32(limit); writer.tag(16) }
            if before != 0 { writer.uint64(before); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if before != 0 { size += 1 + ProtoSize.uint64(before) }
            if limit != 0 { size += 1 + ProtoSize.uint32(limit) }
            if atVersion != 0 { size += 1 + ProtoSize.uint64(atVersion) }
            return size
        }
    }
}

extension Proto {
    package struct ArtifactInfo: ProtoMessage {
        package var id: UInt64 = 0
        package var digest: ArraySlice<UInt8> = []
        package var contentDigest: ArraySlice<UInt8> = []
        package var version: UInt32 = 0
        package var node: String = ""
        package var target: ArraySlice<UInt8> = []
        package var lease: UInt64 = 0
        package var receivedAtMs: Int64 = 0
        package var collectedAtMs: Int64 = 0
        package var contentType: String = ""
        package var contentLength: UInt64 = 0
        package var rawSource: String = ""
        package var metadata: StringMap = StringMap()
        package var confidence: Double? = nil
        package var threatLevel: Double? = nil
        package var opportunityValue: Double? = nil
        package var late: Bool = false
        package var stateVersion: UInt64 = 0
        package var sightings: UInt64 = 0
        /// of this version: confidence times the reputation it was weighed with
        package var weight: Double = 0
        /// that figure, for versions above the first
        package var reputation: Double? = nil
        /// the state version at which a later version took its place; 0: it holds
        package var heldTo: UInt64 = 0

        package init() {}

        package init(
            id: UInt64 = 0,
            digest: ArraySlice<UInt8> = [],
            contentDigest: ArraySlice<UInt8> = [],
            version: UInt32 = 0,
            node: String = "",
            target: ArraySlice<UInt8> = [],
            lease: UInt64 = 0,
            receivedAtMs: Int64 = 0,
            collectedAtMs: Int64 = 0,
            contentType: String = "",
            contentLength: UInt64 = 0,
            rawSource: String = "",
            metadata: StringMap = StringMap(),
            confidence: Double? = nil,
            threatLevel: Double? = nil,
            opportunityValue: Double? = nil,
            late: Bool = false,
            stateVersion: UInt64 = 0,
            sightings: UInt64 = 0,
            weight: Double = 0,
            reputation: Double? = nil,
            heldTo: UInt64 = 0
        ) {
            self.id = id
            self.digest = digest
            self.contentDigest = contentDigest
            self.version = version
            self.node = node
            self.target = target
            self.lease = lease
            self.receivedAtMs = receivedAtMs
            self.collectedAtMs = collectedAtMs
            self.contentType = contentType
            self.contentLength = contentLength
            self.rawSource = rawSource
            self.metadata = metadata
            self.confidence = confidence
            self.threatLevel = threatLevel
            self.opportunityValue = opportunityValue
            self.late = late
            self.stateVersion = stateVersion
            self.sightings = sightings
            self.weight = weight
            self.reputation = reputation
            self.heldTo = heldTo
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: id = try reader.uint64()
                case 18: digest = try reader.bytes()
                case 26: contentDigest = try reader.bytes()
                case 32: version = try reader.uint32()
                case 42: node = try reader.string()
                case 50: target = try reader.bytes()
                case 56: lease = try reader.uint64()
                case 64: receivedAtMs = try reader.int64()
                case 72: collectedAtMs = try reader.int64()
                case 82: contentType = try reader.string()
                case 88: contentLength = try reader.uint64()
                case 98: rawSource = try reader.string()
                case 106: try metadata.decodeEntry(&reader)
                case 113: confidence = try reader.double()
                case 121: threatLevel = try reader.double()
                case 129: opportunityValue = try reader.double()
                case 136: late = try reader.bool()
                case 144: stateVersion = try reader.uint64()
                case 152: sightings = try reader.uint64()
                case 241: weight = try reader.double()
                case 249: reputation = try reader.double()
                case 256: heldTo = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
            metadata.finish()
        }

        package func encode(_ writer: inout ProtoWriter) {
            if heldTo != 0 { writer.uint64(heldTo); writer.tag(256) }
            if let reputation { writer.double(reputation); writer.tag(249) }
            if weight.bitPattern != 0 { writer.double(weight); writer.tag(241) }
            if sightings != 0 { writer.uint64(sightings); writer.tag(152) }
            if stateVersion != 0 { writer.uint64(stateVersion); writer.tag(144) }
            if late { writer.bool(late); writer.tag(136) }
            if let opportunityValue { writer.double(opportunityValue); writer.tag(129) }
            if let threatLevel { writer.double(threatLevel); writer.tag(121) }
            if let confidence { writer.double(confidence); writer.tag(113) }
            metadata.encode(&writer, tag: 106)
            if !rawSource.isEmpty { writer.string(rawSource); writer.tag(98) }
            if contentLength != 0 { writer.uint64(contentLength); writer.tag(88) }
            if !contentType.isEmpty { writer.string(contentType); writer.tag(82) }
            if collectedAtMs != 0 { writer.int64(collectedAtMs); writer.tag(72) }
            if receivedAtMs != 0 { writer.int64(receivedAtMs); writer.tag(64) }
            if lease != 0 { writer.uint64(lease); writer.tag(56) }
            if !target.isEmpty { writer.bytes(target); writer.tag(50) }
            if !node.isEmpty { writer.string(node); writer.tag(42) }
            if version != 0 { writer.uint32(version); writer.tag(32) }
            if !contentDigest.isEmpty { writer.bytes(contentDigest); writer.tag(26) }
            if !digest.isEmpty { writer.bytes(digest); writer.tag(18) }
            if id != 0 { writer.uint64(id); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if id != 0 { size += 1 + ProtoSize.uint64(id) }
            if !digest.isEmpty { size += 1 + ProtoSize.bytes(digest) }
            if !contentDigest.isEmpty { size += 1 + ProtoSize.bytes(contentDigest) }
            if version != 0 { size += 1 + ProtoSize.uint32(version) }
            if !node.isEmpty { size += 1 + ProtoSize.string(node) }
            if !target.isEmpty { size += 1 + ProtoSize.bytes(target) }
            if lease != 0 { size += 1 + ProtoSize.uint64(lease) }
            if receivedAtMs != 0 { size += 1 + ProtoSize.int64(receivedAtMs) }
            if collectedAtMs != 0 { size += 1 + ProtoSize.int64(collectedAtMs) }
            if !contentType.isEmpty { size += 1 + ProtoSize.string(contentType) }
            if contentLength != 0 { size += 1 + ProtoSize.uint64(contentLength) }
            if !rawSource.isEmpty { size += 1 + ProtoSize.string(rawSource) }
            size += metadata.encodedSize(tag: 1)
            if let confidence { size += 1 + ProtoSize.double(confidence) }
            if let threatLevel { size += 1 + ProtoSize.double(threatLevel) }
            if let opportunityValue { size += 2 + ProtoSize.double(opportunityValue) }
            if late { size += 2 + ProtoSize.bool(late) }
            if stateVersion != 0 { size += 2 + ProtoSize.uint64(stateVersion) }
            if sightings != 0 { size += 2 + ProtoSize.uint64(sightings) }
            if weight.bitPattern != 0 { size += 2 + ProtoSize.double(weight) }
            if let reputation { size += 2 + ProtoSize.double(reputation) }
            if heldTo != 0 { size += 2 + ProtoSize.uint64(heldTo) }
            return size
        }
    }
}
