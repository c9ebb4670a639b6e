package import Model

/// Where the log ends, and the sums over all of it. One row, rewritten in the transaction of what it counts.
package struct LedgerHead: Equatable, Sendable {
    package var stateVersion: UInt64 = 0
    /// Also the id of the newest artifact: ids are given in order of storing, from 1.
    package var stored: UInt64 = 0
    package var received: UInt64 = 0
    package var duplicates: UInt64 = 0
    package var refused: UInt64 = 0
    package var unchanged: UInt64 = 0
    package var unknownDigests: UInt64 = 0
    package var bookmarks: UInt64 = 0
    package var contents: UInt64 = 0
    package var contentBytes: UInt64 = 0
    package var late: UInt64 = 0
    /// `received_at` never runs backwards: this is the highest given so far.
    package var wall = WallTime(milliseconds: 0)
    package var wallJumps: UInt64 = 0
    /// Versions above the first.
    package var versions: UInt64 = 0
    /// Texts whose bytes are kept beside those that they equal after normalisation.
    package var variants: UInt64 = 0

    /// Everything received is in exactly one state.
    package var isConserved: Bool { received == stored + duplicates + refused }

    /// Moves the highest wall time on and returns it.
    package mutating func advance(to now: WallTime) -> WallTime {
        wall = max(wall, now)
        return wall
    }
}
