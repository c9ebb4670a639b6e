import CSQLite
import Glibc

/// Who holds which of SQLite's locks on one file. Holders are numbered.
struct SimulatedLocks {
    private var shared: Set<Int> = []
    private var reserved: Int?
    private var exclusive: Int?

    mutating func lock(_ holder: Int, _ level: Int32) -> Int32 {
        func isOther(_ other: Int?) -> Bool { other != nil && other != holder }
        switch level {
        case SQLITE_LOCK_SHARED:
            if isOther(exclusive) { return SQLITE_BUSY }
            shared.insert(holder)
        case SQLITE_LOCK_RESERVED:
            if isOther(reserved) || isOther(exclusive) { return SQLITE_BUSY }
            reserved = holder
        default:
            if isOther(reserved) || isOther(exclusive) || shared.contains(where: { $0 != holder }) {
                return SQLITE_BUSY
            }
            exclusive = holder
        }
        return SQLITE_OK
    }

    mutating func unlock(_ holder: Int, _ level: Int32) {
        if exclusive == holder { exclusive = nil }
        if reserved == holder { reserved = nil }
        if level < SQLITE_LOCK_SHARED { shared.remove(holder) }
    }

    var isReserved: Bool { reserved != nil || exclusive != nil }
}

/// The memory that the connections to one file share in WAL mode, with its eight locks.
final class SimulatedSharedMemory {
    var users = 0
    private var regions: [UnsafeMutableRawPointer] = []
    private var sharers = [Set<Int>](repeating: [], count: Int(SQLITE_SHM_NLOCK))
    private var owners = [Int?](repeating: nil, count: Int(SQLITE_SHM_NLOCK))

    deinit { regions.forEach { free($0) } }

    func region(_ number: Int, size: Int, extend: Bool) -> UnsafeMutableRawPointer? {
        while extend, regions.count <= number {
            guard let memory = calloc(1, size) else { return nil }
            regions.append(memory)
        }
        return number < regions.count ? regions[number] : nil
    }

    func change(_ holder: Int, _ range: Range<Int>, _ flags: Int32) -> Int32 {
        if flags & SQLITE_SHM_UNLOCK != 0 {
            for slot in range { release(holder, slot) }
            return SQLITE_OK
        }
        let wantsAlone = flags & SQLITE_SHM_EXCLUSIVE != 0
        for slot in range {
            if let owner = owners[slot], owner != holder { return SQLITE_BUSY }
            if wantsAlone, sharers[slot].contains(where: { $0 != holder }) { return SQLITE_BUSY }
        }
        for slot in range {
            if wantsAlone { owners[slot] = holder } else { sharers[slot].insert(holder) }
        }
        return SQLITE_OK
    }

    func releaseAll(_ holder: Int) {
        for slot in owners.indices { release(holder, slot) }
    }

    private func release(_ holder: Int, _ slot: Int) {
        sharers[slot].remove(holder)
        if owners[slot] == holder { owners[slot] = nil }
    }
}
