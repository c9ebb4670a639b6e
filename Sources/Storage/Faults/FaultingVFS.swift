import CSQLite
import Glibc

/// A disk that fails when told to: SQLite's own access to the operating system's files, under another name, with a
/// `FaultInjector` in front. It must outlive every connection opened through it.
package final class FaultingVFS {
    package let name: String
    package let faults: FaultInjector
    private let vfs: UnsafeMutablePointer<sqlite3_vfs>
    private let context: Context

    /// What callbacks find behind `pAppData`.
    final class Context {
        let base: UnsafeMutablePointer<sqlite3_vfs>
        let faults: FaultInjector
        let methods: UnsafeMutablePointer<sqlite3_io_methods>

        init(base: UnsafeMutablePointer<sqlite3_vfs>, faults: FaultInjector) {
            self.base = base
            self.faults = faults
            methods = .allocate(capacity: 1)
            methods.initialize(to: FaultingFile.methods)
        }

        deinit { methods.deallocate() }

        static func of(_ vfs: UnsafeMutablePointer<sqlite3_vfs>?) -> Context? {
            vfs?.pointee.pAppData.map { Unmanaged<Context>.fromOpaque($0).takeUnretainedValue() }
        }
    }

    /// The name is new in this process.
    package init(name: String) throws(StorageError) {
        _ = Database.prepareLibrary
        guard let base = sqlite3_vfs_find(nil), sqlite3_vfs_find(name) == nil else {
            throw StorageError(.misuse, "could not register the disk '\(name)': that name is taken; choose another")
        }
        self.name = name
        faults = FaultInjector()
        context = Context(base: base, faults: faults)
        vfs = .allocate(capacity: 1)
        vfs.initialize(to: FaultingVFS.functions(over: base.pointee))
        vfs.pointee.zName = UnsafePointer(strdup(name))
        vfs.pointee.pAppData = Unmanaged.passUnretained(context).toOpaque()
        sqlite3_vfs_register(vfs, 0)
    }

    deinit {
        sqlite3_vfs_unregister(vfs)
        free(UnsafeMutableRawPointer(mutating: vfs.pointee.zName))
        vfs.deallocate()
    }

    private static func functions(over base: sqlite3_vfs) -> sqlite3_vfs {
        var vfs = base
        vfs.pNext = nil
        vfs.iVersion = 2
        vfs.szOsFile = base.szOsFile + Int32(FaultingFile.headerSize)
        vfs.xOpen = { FaultingVFS.open($0, $1, $2, $3, $4) }
        vfs.xDelete = { vfs, path, directory in
            guard let context = Context.of(vfs) else { return SQLITE_MISUSE }
            let name = path.map { String(cString: $0) } ?? ""
            if let fault = context.faults.decide(.delete, on: name), fault != .lie {
                return DiskOperations.delete.failure
            }
            return context.base.pointee.xDelete(context.base, path, directory)
        }
        vfs.xAccess = { vfs, path, flags, result in
            guard let base = Context.of(vfs)?.base else { return SQLITE_MISUSE }
            return base.pointee.xAccess(base, path, flags, result)
        }
        vfs.xFullPathname = { vfs, path, count, result in
            guard let base = Context.of(vfs)?.base else { return SQLITE_MISUSE }
            return base.pointee.xFullPathname(base, path, count, result)
        }
        // The rest looks at nothing of its VFS.
        return vfs
    }

    private static func open(
        _ vfs: UnsafeMutablePointer<sqlite3_vfs>?, _ path: sqlite3_filename?,
        _ file: UnsafeMutablePointer<sqlite3_file>?,
        _ flags: Int32, _ taken: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let context = Context.of(vfs), let file else { return SQLITE_MISUSE }
        file.pointee.pMethods = nil
        let name = path.map { String(cString: $0) } ?? ""
        if context.faults.decide(.open, on: name) != nil { return DiskOperations.open.failure }
        let real = FaultingFile.real(file)
        let code = context.base.pointee.xOpen(context.base, path, real, flags, taken)
        guard code == SQLITE_OK else { return code }
        FaultingFile.attach(FaultingFile(name: name, context: context), to: file)
        file.pointee.pMethods = UnsafePointer(context.methods)
        return SQLITE_OK
    }
}
