import CSQLite
import Glibc
import Model

/// One open file of a `FaultingVFS`. SQLite's memory for it holds SQLite's own header, a pointer to this object, and
/// then the operating system's file.
final class FaultingFile {
    private let name: String
    private let context: FaultingVFS.Context

    static let headerSize = 16  // bytes: the methods' pointer and ours

    init(name: String, context: FaultingVFS.Context) {
        self.name = name
        self.context = context
    }

    static func real(_ file: UnsafeMutablePointer<sqlite3_file>) -> UnsafeMutablePointer<sqlite3_file> {
        (UnsafeMutableRawPointer(file) + headerSize).assumingMemoryBound(to: sqlite3_file.self)
    }

    static func attach(_ object: FaultingFile, to file: UnsafeMutablePointer<sqlite3_file>) {
        UnsafeMutableRawPointer(file).storeBytes(
            of: Unmanaged.passRetained(object).toOpaque(), toByteOffset: 8, as: UnsafeMutableRawPointer.self)
    }

    private static func held(_ file: UnsafeMutablePointer<sqlite3_file>) -> Unmanaged<FaultingFile> {
        .fromOpaque(UnsafeMutableRawPointer(file).load(fromByteOffset: 8, as: UnsafeMutableRawPointer.self))
    }

    /// What the injector makes of an operation: nil when it is to be done, else what SQLite is told.
    private static func fault(
        _ file: UnsafeMutablePointer<sqlite3_file>, _ operation: DiskOperations, torn: () -> Void = {}
    ) -> Int32? {
        let object = held(file).takeUnretainedValue()
        switch object.context.faults.decide(operation, on: object.name) {
        case nil: return nil
        case .error: return operation.failure
        case .full: return SQLITE_FULL
        case .lie: return SQLITE_OK
        case .torn:
            torn()
            return operation.failure
        case .delay(let span):
            // A slow disk is one that keeps its caller waiting: this thread is meant to stand still.
            var time = timespec(
                tv_sec: Int(span.nanoseconds / 1_000_000_000), tv_nsec: Int(span.nanoseconds % 1_000_000_000))
            nanosleep(&time, nil)
            return nil
        case .kill:
            kill(getpid(), SIGKILL)
            return operation.failure
        }
    }

    private static func passing<T>(
        _ file: UnsafeMutablePointer<sqlite3_file>?, or failure: T,
        _ body: (UnsafeMutablePointer<sqlite3_file>, sqlite3_io_methods) -> T
    ) -> T {
        guard let file, let methods = real(file).pointee.pMethods else { return failure }
        return body(real(file), methods.pointee)
    }

    static var methods: sqlite3_io_methods {
        var methods = sqlite3_io_methods()
        methods.iVersion = 2
        methods.xClose = { file in
            guard let file else { return SQLITE_MISUSE }
            let code = FaultingFile.passing(file, or: SQLITE_OK) { $1.xClose($0) }
            FaultingFile.held(file).release()
            return code
        }
        methods.xRead = { file, bytes, count, offset in
            guard let file else { return SQLITE_MISUSE }
            return FaultingFile.fault(file, .read)
                ?? FaultingFile.passing(file, or: SQLITE_IOERR) { $1.xRead($0, bytes, count, offset) }
        }
        methods.xWrite = { file, bytes, count, offset in
            guard let file else { return SQLITE_MISUSE }
            let half = count / 2 / 512 * 512
            let told = FaultingFile.fault(file, .write) {
                _ = FaultingFile.passing(file, or: SQLITE_IOERR) { $1.xWrite($0, bytes, half, offset) }
            }
            return told ?? FaultingFile.passing(file, or: SQLITE_IOERR) { $1.xWrite($0, bytes, count, offset) }
        }
        methods.xTruncate = { file, size in
            guard let file else { return SQLITE_MISUSE }
            return FaultingFile.fault(file, .truncate)
                ?? FaultingFile.passing(file, or: SQLITE_IOERR) { $1.xTruncate($0, size) }
        }
        methods.xSync = { file, flags in
            guard let file else { return SQLITE_MISUSE }
            return FaultingFile.fault(file, .sync)
                ?? FaultingFile.passing(file, or: SQLITE_IOERR) { $1.xSync($0, flags) }
        }
        passOn(&methods)
        return methods
    }

    private static func passOn(_ methods: inout sqlite3_io_methods) {
        methods.xFileSize = { file, size in FaultingFile.passing(file, or: SQLITE_IOERR) { $1.xFileSize($0, size) } }
        methods.xLock = { file, level in FaultingFile.passing(file, or: SQLITE_IOERR) { $1.xLock($0, level) } }
        methods.xUnlock = { file, level in FaultingFile.passing(file, or: SQLITE_IOERR) { $1.xUnlock($0, level) } }
        methods.xCheckReservedLock = { file, held in
            FaultingFile.passing(file, or: SQLITE_IOERR) { $1.xCheckReservedLock($0, held) }
        }
        methods.xFileControl = { file, code, argument in
            FaultingFile.passing(file, or: SQLITE_NOTFOUND) { $1.xFileControl($0, code, argument) }
        }
        methods.xSectorSize = { file in FaultingFile.passing(file, or: 4_096) { $1.xSectorSize($0) } }
        methods.xDeviceCharacteristics = { file in FaultingFile.passing(file, or: 0) { $1.xDeviceCharacteristics($0) } }
        methods.xShmMap = { file, region, size, extend, memory in
            FaultingFile.passing(file, or: SQLITE_IOERR) { $1.xShmMap($0, region, size, extend, memory) }
        }
        methods.xShmLock = { file, offset, count, flags in
            FaultingFile.passing(file, or: SQLITE_IOERR) { $1.xShmLock($0, offset, count, flags) }
        }
        methods.xShmBarrier = { file in FaultingFile.passing(file, or: ()) { $1.xShmBarrier($0) } }
        methods.xShmUnmap = { file, delete in FaultingFile.passing(file, or: SQLITE_OK) { $1.xShmUnmap($0, delete) } }
    }
}
