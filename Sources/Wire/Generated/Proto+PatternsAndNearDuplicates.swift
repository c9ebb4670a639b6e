// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    /// The artifact that a text was most like when it came.
    package struct NearDuplicate: ProtoMessage {
        package var artifact: UInt64 = 0
        /// 0 to 1: shared shingles of all different shingles, of both texts in full
        package var similarity: Double = 0

        package init() {}

        package init(
            artifact: UInt64 = 0,
            similarity: Double = 0
        ) {
            self.artifact = artifact
            self.similarity = similarity
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: artifact = try reader.uint64()
                case 17: similarity = try reader.double()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if similarity.bitPattern != 0 { writer.double(similarity); writer.tag(17) }
            if artifact != 0 { writer.uint64(artifact); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if artifact != 0 { size += 1 + ProtoSize.uint64(artifact) }
            if similarity.bitPattern != 0 { size += 1 + ProtoSize.double(similarity) }
            return size
        }
    }
}

extension Proto {
    package struct RunPatterns: ProtoMessage {
        package init() {}

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                try reader.skip(tag)
            }
        }

        package func encode(_ writer: inout ProtoWriter) {}

        package var encodedSize: Int { 0 }
    }
}

extension Proto {
    package struct ListPatterns: ProtoMessage {
        package var stateVersion: UInt64 = 0

        package init() {}

        package init(
            stateVersion: UInt64 = 0
        ) {
            self.stateVersion = stateVersion
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: stateVersion = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if stateVersion != 0 { writer.uint64(stateVersion); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if stateVersion != 0 { size += 1 + ProtoSize.uint64(stateVersion) }
            return size
        }
    }
}

extension Proto {
    package struct PatternTerm: ProtoMessage {
        package var text: String = ""
        /// 0 to 1
        package var weight: Double = 0
        /// texts of the run that have it
        package var texts: UInt32 = 0

        package init() {}

        package init(
            text: String = "",
            weight: Double = 0,
            texts: UInt32 = 0
        ) {
            self.text = text
            self.weight = weight
            self.texts = texts
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: text = try reader.string()
                case 17: weight = try reader.double()
                case 24: texts = try reader.uint32()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if texts != 0 { writer.uint32(texts); writer.tag(24) }
            if weight.bitPattern != 0 { writer.double(weight); writer.tag(17) }
            if !text.isEmpty { writer.string(text); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !text.isEmpty { size += 1 + ProtoSize.string(text) }
            if weight.bitPattern != 0 { size += 1 + ProtoSize.double(weight) }
            if texts != 0 { size += 1 + ProtoSize.uint32(texts) }
            return size
        }
    }
}

extension Proto {
    package struct PatternShare: ProtoMessage {
        package var name: String = ""
        package var count: UInt64 = 0

        package init() {}

        package init(
            name: String = "",
            count: UInt64 = 0
        ) {
            self.name = name
            self.count = count
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: name = try reader.string()
                case 16: count = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if count != 0 { writer.uint64(count); writer.tag(16) }
            if !name.isEmpty { writer.string(name); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !name.isEmpty { size += 1 + ProtoSize.string(name) }
            if count != 0 { size += 1 + ProtoSize.uint64(count) }
            return size
        }
    }
}

extension Proto {
    package struct PatternCharacteristic: ProtoMessage {
        package var name: String = ""
        package var weight: Double = 0

        package init() {}

        package init(
            name: String = "",
            weight: Double = 0
        ) {
            self.name = name
            self.weight = weight
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: name = try reader.string()
                case 17: weight = try reader.double()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if weight.bitPattern != 0 { writer.double(weight); writer.tag(17) }
            if !name.isEmpty { writer.string(name); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !name.isEmpty { size += 1 + ProtoSize.string(name) }
            if weight.bitPattern != 0 { size += 1 + ProtoSize.double(weight) }
            return size
        }
    }
}

extension Proto {
    package struct PatternChange: ProtoMessage {
        package var similarity: Double = 0
        package var membersDelta: Int64 = 0
        package var newTerms: [String] = []
        package var goneTerms: [String] = []

        package init() {}

        package init(
            similarity: Double = 0,
            membersDelta: Int64 = 0,
            newTerms: [String] = [],
            goneTerms: [String] = []
        ) {
            self.similarity = similarity
            self.membersDelta = membersDelta
            self.newTerms = newTerms
            self.goneTerms = goneTerms
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 9: similarity = try reader.double()
                case 16: membersDelta = try reader.int64()
                case 26:
                    try reader.charge(MemoryLayout<String>.stride)
                    newTerms.append(try reader.string())
                case 34:
                    try reader.charge(MemoryLayout<String>.stride)
                    goneTerms.append(try reader.string())
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            for value in goneTerms.reversed() { writer.string(value); writer.tag(34) }
            for value in newTerms.reversed() { writer.string(value); writer.tag(26) }
            if membersDelta != 0 { writer.int64(membersDelta); writer.tag(16) }
            if similarity.bitPattern != 0 { writer.double(similarity); writer.tag(9) }
        }

        package var encodedSize: Int {
            var size = 0
            if similarity.bitPattern != 0 { size += 1 + ProtoSize.double(similarity) }
            if membersDelta != 0 { size += 1 + ProtoSize.int64(membersDelta) }
            for value in newTerms { size += 1 + ProtoSize.string(value) }
            for value in goneTerms { size += 1 + ProtoSize.string(value) }
            return size
        }
    }
}

extension Proto {
    package struct PatternInfo: ProtoMessage {
        package var id: UInt64 = 0
        package var members: UInt64 = 0
        package var terms: [Proto.PatternTerm] = []
        package var characteristics: [Proto.PatternCharacteristic] = []
        package var nodes: [Proto.PatternShare] = []
        package var domains: [Proto.PatternShare] = []
        package var firstAtMs: Int64 = 0
        package var lastAtMs: Int64 = 0
        package var sample: UInt64 = 0
        package var excerpt: String = ""
        package var confidence: Double = 0
        /// absent: new since the run before
        package var change: Proto.PatternChange? = nil

        package init() {}

        package init(
            id: UInt64 = 0,
            members: UInt64 = 0,
            terms: [Proto.PatternTerm] = [],
            characteristics: [Proto.PatternCharacteristic] = [],
            nodes: [Proto.PatternShare] = [],
            domains: [Proto.PatternShare] = [],
            firstAtMs: Int64 = 0,
            lastAtMs: Int64 = 0,
            sample: UInt64 = 0,
            excerpt: String = "",
            confidence: Double = 0,
            change: Proto.PatternChange? = nil
        ) {
            self.id = id
            self.members = members
            self.terms = terms
            self.characteristics = characteristics
            self.nodes = nodes
            self.domains = domains
            self.firstAtMs = firstAtMs
            self.lastAtMs = lastAtMs
            self.sample = sample
            self.excerpt = excerpt
            self.confidence = confidence
            self.change = change
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: id = try reader.uint64()
                case 16: members = try reader.uint64()
                case 26: try reader.message(into: &terms)
                case 34: try reader.message(into: &characteristics)
                case 42: try reader.message(into: &nodes)
                case 50: try reader.message(into: &domains)
                case 56: firstAtMs = try reader.int64()
                case 64: lastAtMs = try reader.int64()
                case 72: sample = try reader.uint64()
                case 82: excerpt = try reader.string()
                case 89: confidence = try reader.double()
                case 98: change = try reader.message()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if let change { writer.message(change); writer.tag(98) }
            if confidence.bitPattern != 0 { writer.double(confidence); writer.tag(89) }
            if !excerpt.isEmpty { writer.string(excerpt); writer.tag(82) }
            if sample != 0 { writer.uint64(sample); writer.tag(72) }
            if lastAtMs != 0 { writer.int64(lastAtMs); writer.tag(64) }
            if firstAtMs != 0 { writer.int64(firstAtMs); writer.tag(56) }
            writer.messages(domains, tag: 50)
            writer.messages(nodes, tag: 42)
            writer.messages(characteristics, tag: 34)
            writer.messages(terms, tag: 26)
            if members != 0 { writer.uint64(members); writer.tag(16) }
            if id != 0 { writer.uint64(id); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if id != 0 { size += 1 + ProtoSize.uint64(id) }
            if members != 0 { size += 1 + ProtoSize.uint64(members) }
            size += ProtoSize.messages(terms, tag: 1)
            size += ProtoSize.messages(characteristics, tag: 1)
            size += ProtoSize.messages(nodes, tag: 1)
            size += ProtoSize.messages(domains, tag: 1)
            if firstAtMs != 0 { size += 1 + ProtoSize.int64(firstAtMs) }
            if lastAtMs != 0 { size += 1 + ProtoSize.int64(lastAtMs) }
            if sample != 0 { size += 1 + ProtoSize.uint64(sample) }
            if !excerpt.isEmpty { size += 1 + ProtoSize.string(excerpt) }
            if confidence.bitPattern != 0 { size += 1 + ProtoSize.double(confidence) }
            if let change { size += 1 + ProtoSize.message(change) }
            return size
        }
    }
}
