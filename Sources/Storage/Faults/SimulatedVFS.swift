import CSQLite
import Glibc
import Model

extension SimulatedDisk {
    private static func of(_ vfs: UnsafeMutablePointer<sqlite3_vfs>?) -> SimulatedDisk? {
        vfs?.pointee.pAppData.map { Unmanaged<SimulatedDisk>.fromOpaque($0).takeUnretainedValue() }
    }

    static var functions: sqlite3_vfs {
        var vfs = sqlite3_vfs()
        vfs.iVersion = 2
        vfs.szOsFile = Int32(SimulatedHandle.size)
        vfs.mxPathname = 512
        vfs.xOpen = { vfs, path, file, flags, taken in
            guard let disk = SimulatedDisk.of(vfs), let file else { return SQLITE_MISUSE }
            return disk.open(path.map { String(cString: $0) }, file, flags, taken)
        }
        vfs.xDelete = { vfs, path, directory in
            guard let disk = SimulatedDisk.of(vfs), let path else { return SQLITE_MISUSE }
            let name = String(cString: path)
            if disk.faults.decide(.delete, on: name) != nil || !disk.change() { return DiskOperations.delete.failure }
            guard disk.files[name] != nil else { return DiskOperations.missingFile }
            disk.delete(name, durably: directory != 0)
            return SQLITE_OK
        }
        vfs.xAccess = { vfs, path, _, result in
            guard let disk = SimulatedDisk.of(vfs), let path, let result else { return SQLITE_MISUSE }
            result.pointee = disk.files[String(cString: path)] == nil ? 0 : 1
            return SQLITE_OK
        }
        vfs.xFullPathname = { _, path, count, result in
            guard let path, let result, strlen(path) < count else { return SQLITE_CANTOPEN }
            strcpy(result, path)
            return SQLITE_OK
        }
        addClock(&vfs)
        return vfs
    }

    private static func addClock(_ vfs: inout sqlite3_vfs) {
        vfs.xRandomness = { vfs, count, bytes in
            guard let disk = SimulatedDisk.of(vfs), let bytes else { return 0 }
            for place in 0..<Int(count) { bytes[place] = CChar(truncatingIfNeeded: disk.random.next()) }
            return count
        }
        vfs.xSleep = { vfs, microseconds in
            SimulatedDisk.of(vfs)?.milliseconds += Int64(microseconds + 999) / 1_000
            return microseconds
        }
        vfs.xCurrentTimeInt64 = { vfs, time in
            guard let disk = SimulatedDisk.of(vfs), let time else { return SQLITE_MISUSE }
            time.pointee = 210_866_760_000_000 + disk.milliseconds  // Julian milliseconds of 1970
            return SQLITE_OK
        }
        vfs.xCurrentTime = { vfs, time in
            guard let disk = SimulatedDisk.of(vfs), let time else { return SQLITE_MISUSE }
            time.pointee = 2_440_587.5 + Double(disk.milliseconds) / 86_400_000
            return SQLITE_OK
        }
        vfs.xGetLastError = { _, _, _ in 0 }
    }

    private func open(
        _ path: String?, _ file: UnsafeMutablePointer<sqlite3_file>, _ flags: Int32,
        _ taken: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        file.pointee.pMethods = nil
        let number = newHandle()
        let path = path ?? "temporary-\(number)"
        if faults.decide(.open, on: path) != nil || !isPowered { return DiskOperations.open.failure }
        if files[path] == nil {
            guard flags & SQLITE_OPEN_CREATE != 0 else { return SQLITE_CANTOPEN }
            files[path] = SimulatedFile()
        }
        let handle = SimulatedHandle(disk: self, path: path, number: number, flags: flags)
        handle.attach(to: file)
        file.pointee.pMethods = UnsafePointer(methods)
        taken?.pointee = flags
        return SQLITE_OK
    }
}
