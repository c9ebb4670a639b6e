// swift-format-ignore-file
// Generated from ledger.proto by scripts/generate; edit that instead.

package import Wire

extension LedgerFormat {
    package struct StoredCharacteristic: ProtoMessage {
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

extension LedgerFormat {
    /// Against the run before: which pattern it was, if any.
    package struct StoredPatternChange: ProtoMessage {
        package var similarity: Double = 0
        package var members: UInt64 = 0
        package var newTerms: [String] = []
        package var goneTerms: [String] = []

        package init() {}

        package init(
            similarity: Double = 0,
            members: UInt64 = 0,
            newTerms: [String] = [],
            goneTerms: [String] = []
        ) {
            self.similarity = similarity
            self.members = members
            self.newTerms = newTerms
            self.goneTerms = goneTerms
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 9: similarity = try reader.double()
                case 16: members = try reader.uint64()
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
            if members != 0 { writer.uint64(members); writer.tag(16) }
            if similarity.bitPattern != 0 { writer.double(similarity); writer.tag(9) }
        }

        package var encodedSize: Int {
            var size = 0
            if similarity.bitPattern != 0 { size += 1 + ProtoSize.double(similarity) }
            if members != 0 { size += 1 + ProtoSize.uint64(members) }
            for value in newTerms { size += 1 + ProtoSize.string(value) }
            for value in goneTerms { size += 1 + ProtoSize.string(value) }
            return size
        }
    }
}

extension LedgerFormat {
    package struct StoredPattern: ProtoMessage {
        /// kept from run to run while the pattern is found again
        package var id: UInt64 = 0
        package var members: UInt64 = 0
        /// places in the run's terms, by falling weight
        package var features: [UInt32] = []
        /// of the centre, whose length is 1
        package var weights: [Double] = []
        package var characteristics: [LedgerFormat.StoredCharacteristic] = []
        package var nodes: [LedgerFormat.StoredShare] = []
        package var domains: [LedgerFormat.StoredShare] = []
        package var firstAtMs: Int64 = 0
        package var lastAtMs: Int64 = 0
        /// the artifact nearest to the centre
        package var sample: UInt64 = 0
        package var excerpt: String = ""
        package var confidence: Double = 0
        package var change: LedgerFormat.StoredPatternChange? = nil

        package init() {}

        package init(
            id: UInt64 = 0,
            members: UInt64 = 0,
            features: [UInt32] = [],
            weights: [Double] = [],
            characteristics: [LedgerFormat.StoredCharacteristic] = [],
            nodes: [LedgerFormat.StoredShare] = [],
            domains: [LedgerFormat.StoredShare] = [],
            firstAtMs: Int64 = 0,
            lastAtMs: Int64 = 0,
            sample: UInt64 = 0,
            excerpt: String = "",
            confidence: Double = 0,
            change: LedgerFormat.StoredPatternChange? = nil
        ) {
            self.id = id
            self.members = members
            self.features = features
            self.weights = weights
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
                case 24:
                    try reader.charge(MemoryLayout<UInt32>.stride)
                    features.append(try reader.uint32())
                case 26:
                    let outer = try reader.enter()
                    while !reader.isAtEnd {
                        try reader.charge(MemoryLayout<UInt32>.stride)
                        features.append(try reader.uint32())
                    }
                    reader.leave(outer)
                case 33:
                    try reader.charge(MemoryLayout<Double>.stride)
                    weights.append(try reader.double())
                case 34:
                    let outer = try reader.enter()
                    while !reader.isAtEnd {
                        try reader.charge(MemoryLayout<Double>.stride)
                        weights.append(try reader.double())
                    }
                    reader.leave(outer)
                case 42: try reader.message(into: &characteristics)
                case 50: try reader.message(into: &nodes)
                case 58: try reader.message(into: &domains)
                case 64: firstAtMs = try reader.int64()
                case 72: lastAtMs = try reader.int64()
                case 80: sample = try reader.uint64()
                case 90: excerpt = try reader.string()
                case 97: confidence = try reader.double()
                case 106: change = try reader.message()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if let change { writer.message(change); writer.tag(106) }
            if confidence.bitPattern != 0 { writer.double(confidence); writer.tag(97) }
            if !excerpt.isEmpty { writer.string(excerpt); writer.tag(90) }
            if sample != 0 { writer.uint64(sample); writer.tag(80) }
            if lastAtMs != 0 { writer.int64(lastAtMs); writer.tag(72) }
            if firstAtMs != 0 { writer.int64(firstAtMs); writer.tag(64) }
            writer.messages(domains, tag: 58)
            writer.messages(nodes, tag: 50)
            writer.messages(characteristics, tag: 42)
            if !weights.isEmpty {
                let end = writer.position
                for value in weights.reversed() { writer.double(value) }
                writer.length(since: end)
                writer.tag(34)
            }
            if !features.isEmpty {
                let end = writer.position
                for value in features.reversed() { writer.uint32(value) }
                writer.length(since: end)
                writer.tag(26)
            }
            if members != 0 { writer.uint64(members); writer.tag(16) }
            if id != 0 { writer.uint64(id); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if id != 0 { size += 1 + ProtoSize.uint64(id) }
            if members != 0 { size += 1 + ProtoSize.uint64(members) }
            if !features.isEmpty {
                let run = features.reduce(0) { $0 + ProtoSize.uint32($1) }
                size += 1 + ProtoSize.prefixed(run)
            }
            if !weights.isEmpty {
                let run = weights.reduce(0) { $0 + ProtoSize.double($1) }
                size += 1 + ProtoSize.prefixed(run)
            }
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

extension LedgerFormat {
    package struct StoredPatternRun: ProtoMessage {
        package var stateVersion: UInt64 = 0
        package var atMs: Int64 = 0
        package var texts: UInt64 = 0
        package var words: UInt64 = 0
        package var setAside: UInt64 = 0
        package var wordsPerText: UInt64 = 0
        package var nextPattern: UInt64 = 0
        package var terms: [LedgerFormat.StoredTerm] = []
        package var patterns: [LedgerFormat.StoredPattern] = []
        /// patterns of the run before that were not found again
        package var gone: [String] = []
        package var seed: UInt64 = 0

        package init() {}

        package init(
            stateVersion: UInt64 = 0,
            atMs: Int64 = 0,
            texts: UInt64 = 0,
            words: UInt64 = 0,
            setAside: UInt64 = 0,
            wordsPerText: UInt64 = 0,
            nextPattern: UInt64 = 0,
            terms: [LedgerFormat.StoredTerm] = [],
            patterns: [LedgerFormat.StoredPattern] = [],
            gone: [String] = [],
            seed: UInt64 = 0
        ) {
            self.stateVersion = stateVersion
            self.atMs = atMs
            self.texts = texts
            self.words = words
            self.setAside = setAside
            self.wordsPerText = wordsPerText
            self.nextPattern = nextPattern
            self.terms = terms
            self.patterns = patterns
            self.gone = gone
            self.seed = seed
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: stateVersion = try reader.uint64()
                case 16: atMs = try reader.int64()
                case 24: texts = try reader.uint64()
                case 32: words = try reader.uint64()
                case 40: setAside = try reader.uint64()
                case 48: wordsPerText = try reader.uint64()
                case 56: nextPattern = try reader.uint64()
                case 66: try reader.message(into: &terms)
                case 74: try reader.message(into: &patterns)
                case 82:
                    try reader.charge(MemoryLayout<String>.stride)
                    gone.append(try reader.string())
                case 88: seed = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if seed != 0 { writer.uint64(seed); writer.tag(88) }
            for value in gone.reversed() { writer.string(value); writer.tag(82) }
            writer.messages(patterns, tag: 74)
            writer.messages(terms, tag: 66)
            if nextPattern != 0 { writer.uint64(nextPattern); writer.tag(56) }
            if wordsPerText != 0 { writer.uint64(wordsPerText); writer.tag(48) }
            if setAside != 0 { writer.uint64(setAside); writer.tag(40) }
            if words != 0 { writer.uint64(words); writer.tag(32) }
            if texts != 0 { writer.uint64(texts); writer.tag(24) }
            if atMs != 0 { writer.int64(atMs); writer.tag(16) }
            if stateVersion != 0 { writer.uint64(stateVersion); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if stateVersion != 0 { size += 1 + ProtoSize.uint64(stateVersion) }
            if atMs != 0 { size += 1 + ProtoSize.int64(atMs) }
            if texts != 0 { size += 1 + ProtoSize.uint64(texts) }
            if words != 0 { size += 1 + ProtoSize.uint64(words) }
            if setAside != 0 { size += 1 + ProtoSize.uint64(setAside) }
            if wordsPerText != 0 { size += 1 + ProtoSize.uint64(wordsPerText) }
            if nextPattern != 0 { size += 1 + ProtoSize.uint64(nextPattern) }
            size += ProtoSize.messages(terms, tag: 1)
            size += ProtoSize.messages(patterns, tag: 1)
            for value in gone { size += 1 + ProtoSize.string(value) }
            if seed != 0 { size += 1 + ProtoSize.uint64(seed) }
            return size
        }
    }
}
