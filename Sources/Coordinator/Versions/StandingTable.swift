/// The current version of an artifact: its number, what it weighs, and whose it is.
struct Standing: Equatable {
    var version: UInt16
    var weight: Weight
    var node: UInt32
}

/// The standings of artifacts that are above their first version; those of the others stand beside their digests.
/// Eight bytes an artifact, and only for stretches of ids in which one has been raised.
struct StandingTable {
    private static let pageSize = 512

    private final class Page {
        var entries = [UInt64](repeating: 0, count: pageSize)
    }

    private var pages: [Page?] = []
    private var taken = 0

    var bytes: Int { taken * StandingTable.pageSize * 8 + pages.count * 8 }

    /// Nil: the artifact stands at its first version.
    subscript(_ artifact: UInt64) -> Standing? {
        let place = Int(artifact) / StandingTable.pageSize
        guard place < pages.count, let page = pages[place] else { return nil }
        let entry = page.entries[Int(artifact) % StandingTable.pageSize]
        guard entry != 0 else { return nil }
        return Standing(
            version: UInt16(truncatingIfNeeded: entry), weight: Weight(steps: UInt16(truncatingIfNeeded: entry >> 16)),
            node: UInt32(truncatingIfNeeded: entry >> 32))
    }

    mutating func set(_ standing: Standing, of artifact: UInt64) {
        let place = Int(artifact) / StandingTable.pageSize
        while pages.count <= place { pages.append(nil) }
        let page: Page
        if let known = pages[place] {
            page = known
        } else {
            page = Page()
            pages[place] = page
            taken += 1
        }
        page.entries[Int(artifact) % StandingTable.pageSize] =
            UInt64(standing.node) << 32 | UInt64(standing.weight.steps) << 16 | UInt64(standing.version)
    }
}
