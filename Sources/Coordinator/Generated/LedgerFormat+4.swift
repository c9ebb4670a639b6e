// swift-format-ignore-file
// Generated from ledger.proto by scripts/generate; edit that instead.

package import Wire

extension LedgerFormat {
    /// The texts of a run and the pattern of each, in the order in which they were read.
    package struct StoredMembers: ProtoMessage {
        package var artifacts: [UInt64] = []
        /// 0: none
        package var patterns: [UInt64] = []

        package init() {}

        package init(
            artifacts: [UInt64] = [],
            patterns: [UInt64] = []
        ) {
            self.artifacts = artifacts
            self.patterns = patterns
        }

        package mutating func decode(_ reader: inout ProtoReader) throws(WireError) {
            while let tag = try reader.nextTag() {
                switch tag {
                case 8:
                    try reader.charge(MemoryLayout<UInt64>.stride)
                    artifacts.append(try reader.uint64())
                case 10:
                    let outer = try reader.enter()
                    while !reader.isAtEnd {
                        try reader.charge(MemoryLayout<UInt64>.stride)
                        artifacts.append(try reader.uint64())
                    }
                    reader.leave(outer)
                case 16:
                    try reader.charge(MemoryLayout<UInt64>.stride)
                    patterns.append(try reader.uint64())
                case 18:
                    let outer = try reader.enter()
                    while !reader.isAtEnd {
                        try reader.charge(MemoryLayout<UInt64>.stride)
                        patterns.append(try reader.uint64())
                    }
                    reader.leave(outer)
                default: try reader.skip(tag)
                }
            }
        }

        package func encode(_ writer: inout ProtoWriter) {
            if !patterns.isEmpty {
                let end = writer.position
                for value in patterns.reversed() { writer.uint64(value) }
                writer.length(since: end)
                writer.tag(18)
            }
            if !artifacts.isEmpty {
                let end = writer.position
                for value in artifacts.reversed() { writer.uint64(value) }
                writer.length(since: end)
                writer.tag(10)
            }
        }

        package var encodedSize: Int {
            var size = 0
            if !artifacts.isEmpty {
                let run = artifacts.reduce(0) { $0 + ProtoSize.uint64($1) }
                size += 1 + ProtoSize.prefixed(run)
            }
            if !patterns.isEmpty {
                let run = patterns.reduce(0) { $0 + ProtoSize.uint64($1) }
                size += 1 + ProtoSize.prefixed(run)
            }
            return size
        }
    }
}
