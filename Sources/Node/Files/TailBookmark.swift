import Model

/// How far each log file was read, by its inode, so that one that was renamed goes on where it was.
struct TailBookmark: Equatable {
    private static let version: UInt8 = 6
    private static let mostFiles = 1_000  // 16 bytes each

    private(set) var offsets: [UInt64: UInt64] = [:]

    init() {}

    /// Nil for what this version did not write.
    init?(_ bytes: ArraySlice<UInt8>?) {
        guard var reader = BookmarkReader(bytes, version: Self.version) else { return nil }
        while let inode = reader.number(), let offset = reader.number() { offsets[inode] = offset }
        guard reader.isAtEnd else { return nil }
    }

    /// Where to go on with a file of this size: from its start when it was begun anew.
    func offset(of file: FileIdentity) -> UInt64 {
        let offset = offsets[file.inode] ?? 0
        return offset <= file.size ? offset : 0
    }

    /// False when it holds as many files as it can.
    mutating func note(_ inode: UInt64, _ offset: UInt64) -> Bool {
        guard offsets[inode] != nil || offsets.count < Self.mostFiles else { return false }
        offsets[inode] = offset
        return true
    }

    var bytes: [UInt8] {
        var writer = BookmarkWriter(version: Self.version)
        for (inode, offset) in offsets.sorted(by: { $0.key < $1.key }) {
            writer.number(inode)
            writer.number(offset)
        }
        return writer.bytes
    }
}
