// swift-format-ignore-file
// Generated from rookery.proto by scripts/generate; edit that instead.

extension Proto {
    package struct ListPatternsReply: ProtoMessage {
        /// 0: no run yet
        package var stateVersion: UInt64 = 0
        package var atMs: Int64 = 0
        package var texts: UInt64 = 0
        package var words: UInt64 = 0
        package var setAside: UInt64 = 0
        package var patterns: [Proto.PatternInfo] = []
        package var gone: [String] = []
        /// why there is no newer run, where one was asked for
        package var message: String = ""
        package var wordsPerText: UInt64 = 0

        package init() {}

        package init(
            stateVersion: UInt64 = 0,
            atMs: Int64 = 0,
            texts: UInt64 = 0,
            words: UInt64 = 0,
            setAside: UInt64 = 0,
            patterns: [Proto.PatternInfo] = [],
            gone: [String] = [],
            message: String = "",
            wordsPerText: UInt64 = 0
        ) {
            self.stateVersion = stateVersion
            self.atMs = atMs
            self.texts = texts
            self.words = words
            self.setAside = setAside
            self.patterns = patterns
            self.gone = gone
            self.message = message
            self.wordsPerText = wordsPerText
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: stateVersion = try reader.uint64()
                case 16: atMs = try reader.int64()
                case 24: texts = try reader.uint64()
                case 32: words = try reader.uint64()
                case 40: setAside = try reader.uint64()
                case 50: try reader.message(into: &patterns)
                case 58:
                    try reader.charge(MemoryLayout<String>.stride)
                    gone.append(try reader.string())
                case 66: message = try reader.string()
                case 72: wordsPerText = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if wordsPerText != 0 { writer.uint64(wordsPerText); writer.tag(72) }
            if !message.isEmpty { writer.string(message); writer.tag(66) }
            for value in gone.reversed() { writer.string(value); writer.tag(58) }
            writer.messages(patterns, tag: 50)
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
            size += ProtoSize.messages(patterns, tag: 1)
            for value in gone { size += 1 + ProtoSize.string(value) }
            if !message.isEmpty { size += 1 + ProtoSize.string(message) }
            if wordsPerText != 0 { size += 1 + ProtoSize.uint64(wordsPerText) }
            return size
        }
    }
}

extension Proto {
    package struct ExplainPattern: ProtoMessage {
        package var artifact: UInt64 = 0

        package init() {}

        package init(
            artifact: UInt64 = 0
        ) {
            self.artifact = artifact
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: artifact = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if artifact != 0 { writer.uint64(artifact); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if artifact != 0 { size += 1 + ProtoSize.uint64(artifact) }
            return size
        }
    }
}

extension Proto {
    package struct PatternContribution: ProtoMessage {
        package var term: String = ""
        /// in the artifact
        package var count: UInt32 = 0
        package var inArtifact: Double = 0
        package var inPattern: Double = 0
        /// the product of both; their sum is the similarity
        package var contribution: Double = 0

        package init() {}

        package init(
            term: String = "",
            count: UInt32 = 0,
            inArtifact: Double = 0,
            inPattern: Double = 0,
            contribution: Double = 0
        ) {
            self.term = term
            self.count = count
            self.inArtifact = inArtifact
            self.inPattern = inPattern
            self.contribution = contribution
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 10: term = try reader.string()
                case 16: count = try reader.uint32()
                case 25: inArtifact = try reader.double()
                case 33: inPattern = try reader.double()
                case 41: contribution = try reader.double()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if contribution.bitPattern != 0 { writer.double(contribution); writer.tag(41) }
            if inPattern.bitPattern != 0 { writer.double(inPattern); writer.tag(33) }
            if inArtifact.bitPattern != 0 { writer.double(inArtifact); writer.tag(25) }
            if count != 0 { writer.uint32(count); writer.tag(16) }
            if !term.isEmpty { writer.string(term); writer.tag(10) }
        }

        package var encodedSize: Int {
            var size = 0
            if !term.isEmpty { size += 1 + ProtoSize.string(term) }
            if count != 0 { size += 1 + ProtoSize.uint32(count) }
            if inArtifact.bitPattern != 0 { size += 1 + ProtoSize.double(inArtifact) }
            if inPattern.bitPattern != 0 { size += 1 + ProtoSize.double(inPattern) }
            if contribution.bitPattern != 0 { size += 1 + ProtoSize.double(contribution) }
            return size
        }
    }
}

extension Proto {
    package struct ExplainPatternReply: ProtoMessage {
        package var artifact: UInt64 = 0
        /// 0: in none
        package var pattern: UInt64 = 0
        package var similarity: Double = 0
        package var contributions: [Proto.PatternContribution] = []
        package var stateVersion: UInt64 = 0

        package init() {}

        package init(
            artifact: UInt64 = 0,
            pattern: UInt64 = 0,
            similarity: Double = 0,
            contributions: [Proto.PatternContribution] = [],
            stateVersion: UInt64 = 0
        ) {
            self.artifact = artifact
            self.pattern = pattern
            self.similarity = similarity
            self.contributions = contributions
            self.stateVersion = stateVersion
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: artifact = try reader.uint64()
                case 16: pattern = try reader.uint64()
                case 25: similarity = try reader.double()
                case 34: try reader.message(into: &contributions)
                case 40: stateVersion = try reader.uint64()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if stateVersion != 0 { writer.uint64(stateVersion); writer.tag(40) }
            writer.messages(contributions, tag: 34)
            if similarity.bitPattern != 0 { writer.double(similarity); writer.tag(25) }
            if pattern != 0 { writer.uint64(pattern); writer.tag(16) }
            if artifact != 0 { writer.uint64(artifact); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if artifact != 0 { size += 1 + ProtoSize.uint64(artifact) }
            if pattern != 0 { size += 1 + ProtoSize.uint64(pattern) }
            if similarity.bitPattern != 0 { size += 1 + ProtoSize.double(similarity) }
            size += ProtoSize.messages(contributions, tag: 1)
            if stateVersion != 0 { size += 1 + ProtoSize.uint64(stateVersion) }
            return size
        }
    }
}

extension Proto {
    package struct ListPatternTexts: ProtoMessage {
        package var after: UInt64 = 0
        package var limit: UInt32 = 0

        package init() {}

        package init(
            after: UInt64 = 0,
            limit: UInt32 = 0
        ) {
            self.after = after
            self.limit = limit
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: after = try reader.uint64()
                case 16: limit = try reader.uint32()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if limit != 0 { writer.uint32(limit); writer.tag(16) }
            if after != 0 { writer.uint64(after); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if after != 0 { size += 1 + ProtoSize.uint64(after) }
            if limit != 0 { size += 1 + ProtoSize.uint32(limit) }
            return size
        }
    }
}

extension Proto {
    package struct PatternText: ProtoMessage {
        package var artifact: UInt64 = 0
        package var pattern: UInt64 = 0
        package var content: ArraySlice<UInt8> = []
        package var nearDuplicate: Proto.NearDuplicate? = nil

        package init() {}

        package init(
            artifact: UInt64 = 0,
            pattern: UInt64 = 0,
            content: ArraySlice<UInt8> = [],
            nearDuplicate: Proto.NearDuplicate? = nil
        ) {
            self.artifact = artifact
            self.pattern = pattern
            self.content = content
            self.nearDuplicate = nearDuplicate
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: artifact = try reader.uint64()
                case 16: pattern = try reader.uint64()
                case 26: content = try reader.bytes()
                case 34: nearDuplicate = try reader.message()
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if let nearDuplicate { writer.message(nearDuplicate); writer.tag(34) }
            if !content.isEmpty { writer.bytes(content); writer.tag(26) }
            if pattern != 0 { writer.uint64(pattern); writer.tag(16) }
            if artifact != 0 { writer.uint64(artifact); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if artifact != 0 { size += 1 + ProtoSize.uint64(artifact) }
            if pattern != 0 { size += 1 + ProtoSize.uint64(pattern) }
            if !content.isEmpty { size += 1 + ProtoSize.bytes(content) }
            if let nearDuplicate { size += 1 + ProtoSize.message(nearDuplicate) }
            return size
        }
    }
}

extension Proto {
    package struct ListPatternTextsReply: ProtoMessage {
        package var stateVersion: UInt64 = 0
        package var texts: [Proto.PatternText] = []
        /// 0: no more
        package var next: UInt64 = 0
        /// with the first page
        package var stopWords: [String] = []

        package init() {}

        package init(
            stateVersion: UInt64 = 0,
            texts: [Proto.PatternText] = [],
            next: UInt64 = 0,
            stopWords: [String] = []
        ) {
            self.stateVersion = stateVersion
            self.texts = texts
            self.next = next
            self.stopWords = stopWords
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8: stateVersion = try reader.uint64()
                case 18: try reader.message(into: &texts)
                case 24: next = try reader.uint64()
                case 34:
                    try reader.charge(MemoryLayout<String>.stride)
                    stopWords.append(try reader.string())
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            for value in stopWords.reversed() { writer.string(value); writer.tag(34) }
            if next != 0 { writer.uint64(next); writer.tag(24) }
            writer.messages(texts, tag: 18)
            if stateVersion != 0 { writer.uint64(stateVersion); writer.tag(8) }
        }

        package var encodedSize: Int {
            var size = 0
            if stateVersion != 0 { size += 1 + ProtoSize.uint64(stateVersion) }
            size += ProtoSize.messages(texts, tag: 1)
            if next != 0 { size += 1 + ProtoSize.uint64(next) }
            for value in stopWords { size += 1 + ProtoSize.string(value) }
            return size
        }
    }
}
