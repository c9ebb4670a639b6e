import Glibc
import Model

/// Free space on a directory's file system, asked for at most once a second.
struct DiskSpace {
    private let directory: String
    private let lowWater: UInt64?
    private var asked: Instant?
    private var free = UInt64.max
    private var mark: UInt64

    /// Nil: what is usual for the size of the file system.
    init(directory: String, lowWater: UInt64?) {
        self.directory = directory
        self.lowWater = lowWater
        mark = lowWater ?? Limits.diskLowWater
    }

    /// A small disk is not full long before it is.
    static func usualMark(size: UInt64) -> UInt64 { min(Limits.diskLowWater, size / Limits.diskLowWaterShare) }

    /// The bytes free when they are below the low-water mark; nil when there is room, or nobody can tell.
    mutating func shortage(now: Instant) -> UInt64? {
        if asked.map({ now.since($0) >= .seconds(1) }) ?? true {
            asked = now
            var figures = statvfs()
            if statvfs(directory, &figures) == 0 {
                free = UInt64(figures.f_bavail) * UInt64(figures.f_frsize)
                mark = lowWater ?? DiskSpace.usualMark(size: UInt64(figures.f_blocks) * UInt64(figures.f_frsize))
            }
        }
        return free < mark ? free : nil
    }
}
