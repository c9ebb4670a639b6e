import CSQLite
import Glibc
import Model

/// One open file of a `SimulatedDisk`. SQLite's memory for it holds SQLite's own header and a pointer to this object.
final class SimulatedHandle {
    private let disk: SimulatedDisk
    private let path: String
    private let number: Int
    private let generation: Int
    private let deletesOnClose: Bool
    /// The first sync of a journal syncs its directory too, as on the operating system's files; others never do.
    private var syncsDirectory: Bool
    private var sharedMemory: SimulatedSharedMemory?

    static let size = 16  // bytes: the methods' pointer and ours

    init(disk: SimulatedDisk, path: String, number: Int, flags: Int32) {
        self.disk = disk
        self.path = path
        self.number = number
        deletesOnClose = flags & SQLITE_OPEN_DELETEONCLOSE != 0
        let isJournal = flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL) != 0
        syncsDirectory = isJournal && flags & SQLITE_OPEN_CREATE != 0
        generation = disk.generation
    }

    func attach(to file: UnsafeMutablePointer<sqlite3_file>) {
        UnsafeMutableRawPointer(file).storeBytes(
            of: Unmanaged.passRetained(self).toOpaque(), toByteOffset: 8, as: UnsafeMutableRawPointer.self)
    }

    private static func held(_ file: UnsafeMutablePointer<sqlite3_file>) -> Unmanaged<SimulatedHandle> {
        .fromOpaque(UnsafeMutableRawPointer(file).load(fromByteOffset: 8, as: UnsafeMutableRawPointer.self))
    }

    private static func with(
        _ file: UnsafeMutablePointer<sqlite3_file>?, _ body: (SimulatedHandle) -> Int32
    ) -> Int32 {
        guard let file else { return SQLITE_MISUSE }
        return body(held(file).takeUnretainedValue())
    }

    /// The machine this handle was opened on still runs.
    private var isAlive: Bool { generation == disk.generation && disk.isPowered }

    // MARK: Content

    private func read(_ bytes: UnsafeMutableRawPointer, _ count: Int, _ offset: Int) -> Int32 {
        guard isAlive, disk.faults.decide(.read, on: path) == nil else { return DiskOperations.read.failure }
        // Through the dictionary's index, so that the content is neither copied nor counted as shared.
        guard let index = disk.files.index(forKey: path) else { return DiskOperations.read.failure }
        return disk.files.values[index].current.withUnsafeBytes { content in
            let available = max(0, min(count, content.count - offset))
            if available > 0, let start = content.baseAddress { memcpy(bytes, start + offset, available) }
            if available == count { return SQLITE_OK }
            memset(bytes + available, 0, count - available)
            return DiskOperations.shortRead
        }
    }

    private func change(
        _ operation: DiskOperations, torn: (inout SimulatedFile) -> Void = { _ in },
        _ done: (inout SimulatedFile) -> Void
    ) -> Int32 {
        guard isAlive, disk.change(), let index = disk.files.index(forKey: path) else { return operation.failure }
        switch disk.faults.decide(operation, on: path) {
        case .error, .kill: return operation.failure
        case .full: return SQLITE_FULL
        case .lie: return SQLITE_OK
        case .torn:
            torn(&disk.files.values[index])
            return operation.failure
        case .delay(let span):
            disk.milliseconds += Int64(span.milliseconds)
            done(&disk.files.values[index])
        case nil: done(&disk.files.values[index])
        }
        return SQLITE_OK
    }

    private func write(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Int32 {
        let half = UnsafeRawBufferPointer(
            rebasing: bytes.prefix(bytes.count / 2 / SimulatedFile.sector * SimulatedFile.sector))
        return change(.write, torn: { $0.write(half, at: offset) }, { $0.write(bytes, at: offset) })
    }

    private func sync() -> Int32 {
        let code = change(.sync) { $0.sync() }
        if code == SQLITE_OK, syncsDirectory {
            disk.syncDirectory()
            syncsDirectory = false
        }
        return code
    }

    private func joinSharedMemory() -> SimulatedSharedMemory {
        if let sharedMemory { return sharedMemory }
        let shared = disk.sharedMemory[path] ?? SimulatedSharedMemory()
        shared.users += 1
        disk.sharedMemory[path] = shared
        sharedMemory = shared
        return shared
    }

    /// With the last connection the shared memory goes: who opens next builds it from the files.
    private func leaveSharedMemory(delete: Bool) {
        guard let shared = sharedMemory else { return }
        sharedMemory = nil
        shared.releaseAll(number)
        shared.users -= 1
        if delete || shared.users == 0, disk.sharedMemory[path] === shared { disk.sharedMemory[path] = nil }
    }

    private func close() {
        guard generation == disk.generation else { return }
        disk.locks[path]?.unlock(number, SQLITE_LOCK_NONE)
        leaveSharedMemory(delete: false)
        if deletesOnClose { disk.delete(path, durably: false) }
    }

    // MARK: Callbacks

    static var methods: sqlite3_io_methods {
        var methods = sqlite3_io_methods()
        methods.iVersion = 2
        methods.xClose = { file in
            guard let file else { return SQLITE_MISUSE }
            SimulatedHandle.held(file).takeRetainedValue().close()
            return SQLITE_OK
        }
        methods.xRead = { file, bytes, count, offset in
            SimulatedHandle.with(file) { handle in
                bytes.map { handle.read($0, Int(count), Int(offset)) } ?? SQLITE_MISUSE
            }
        }
        methods.xWrite = { file, bytes, count, offset in
            SimulatedHandle.with(file) {
                $0.write(UnsafeRawBufferPointer(start: bytes, count: Int(count)), Int(offset))
            }
        }
        methods.xTruncate = { file, size in
            SimulatedHandle.with(file) { $0.change(.truncate) { $0.truncate(to: Int(size)) } }
        }
        methods.xSync = { file, _ in SimulatedHandle.with(file) { $0.sync() } }
        methods.xFileSize = { file, size in
            SimulatedHandle.with(file) { handle in
                size?.pointee = Int64(handle.disk.files[handle.path]?.current.count ?? 0)
                return handle.isAlive ? SQLITE_OK : SQLITE_IOERR
            }
        }
        methods.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
        // As the operating system's: a write harms nothing around it.
        methods.xSectorSize = { _ in 4_096 }
        methods.xDeviceCharacteristics = { _ in SQLITE_IOCAP_POWERSAFE_OVERWRITE }
        addLocks(&methods)
        return methods
    }

    private static func addLocks(_ methods: inout sqlite3_io_methods) {
        methods.xLock = { file, level in
            SimulatedHandle.with(file) { handle in
                guard handle.isAlive else { return SQLITE_IOERR }
                return handle.disk.locks[handle.path, default: SimulatedLocks()].lock(handle.number, level)
            }
        }
        methods.xUnlock = { file, level in
            SimulatedHandle.with(file) { handle in
                if handle.isAlive { handle.disk.locks[handle.path]?.unlock(handle.number, level) }
                return SQLITE_OK
            }
        }
        methods.xCheckReservedLock = { file, held in
            SimulatedHandle.with(file) { handle in
                held?.pointee = handle.disk.locks[handle.path]?.isReserved == true ? 1 : 0
                return SQLITE_OK
            }
        }
        methods.xShmMap = { file, region, size, extend, memory in
            SimulatedHandle.with(file) { handle in
                guard handle.isAlive else { return SQLITE_IOERR }
                let shared = handle.joinSharedMemory()
                memory?.pointee = shared.region(Int(region), size: Int(size), extend: extend != 0)
                    .map { $0.assumingMemoryBound(to: UInt8.self) }.map { UnsafeMutableRawPointer($0) }
                return SQLITE_OK
            }
        }
        methods.xShmLock = { file, offset, count, flags in
            SimulatedHandle.with(file) { handle in
                guard handle.isAlive, let shared = handle.sharedMemory else { return SQLITE_IOERR }
                return shared.change(handle.number, Int(offset)..<Int(offset + count), flags)
            }
        }
        methods.xShmBarrier = { _ in }
        methods.xShmUnmap = { file, delete in
            SimulatedHandle.with(file) { handle in
                handle.leaveSharedMemory(delete: delete != 0)
                return SQLITE_OK
            }
        }
    }
}
