import Model

/// Which files were seen, in bounded space: all that were last changed before a moment, and the later ones by hash.
struct FileBookmark: Equatable {
    private static let version: UInt8 = 2
    /// Changes this close to the start of a scan may not show in the clock by which the next scan judges.
    private static let grain: UInt64 = 1_000_000_000
    /// The kernel stamps changes with a clock that moves in steps: two changes in one step look alike.
    private static let tick: UInt64 = 20_000_000
    private static let maxHashes = 2_000  // 16 KiB in all; what does not fit is collected once more

    let mark: UInt64
    private let before: UInt64
    private let hashes: Set<UInt64>

    /// Nil for what this version did not write.
    init?(_ bytes: ArraySlice<UInt8>?) {
        guard var reader = BookmarkReader(bytes, version: Self.version), let mark = reader.number(),
            let before = reader.number()
        else { return nil }
        var hashes: Set<UInt64> = []
        while let hash = reader.number() { hashes.insert(hash) }
        guard reader.isAtEnd else { return nil }
        self.mark = mark
        self.before = before
        self.hashes = hashes
    }

    func holds(_ file: FileIdentity) -> Bool { file.changed < before || hashes.contains(file.hash) }

    /// The bookmark of a scan that is under way.
    struct Draft {
        var mark: UInt64
        private let before: UInt64
        private var recent: [UInt64] = []

        init(startedAt: WallTime, mark: UInt64) {
            let start = UInt64(clamping: startedAt.milliseconds) * 1_000_000
            before = start > grain ? start - grain : 0
            self.mark = mark
        }

        /// As it was when it was looked at: a later change gives it another hash, once the kernel's clock has moved.
        mutating func note(_ file: FileIdentity, at wall: WallTime) {
            let isSettled = file.changed + FileBookmark.tick < UInt64(clamping: wall.milliseconds) * 1_000_000
            if file.changed >= before, isSettled, recent.count < maxHashes { recent.append(file.hash) }
        }

        var bytes: [UInt8] {
            var writer = BookmarkWriter(version: version)
            writer.number(mark)
            writer.number(before)
            recent.forEach { writer.number($0) }
            return writer.bytes
        }
    }
}
