import Glibc
import Model
import Sealing

/// The files of a backup: copied, synced, and read again to be digested.
package enum BackupFiles {
    private static let piece = Limits.mebibyte

    /// The directory must not be there yet; those above it must.
    package static func makeDirectory(_ path: String) throws(LedgerError) {
        guard mkdir(path, 0o700) == 0 else { throw failure("make the directory", path) }
    }

    /// Syncs a file, and reads it back.
    package static func seal(_ directory: String, _ name: String) throws(LedgerError) -> BackupManifest.File {
        let path = directory + "/" + name
        try sync(path)
        let hash = try BackupManifest.makeHash()
        var size: UInt64 = 0
        try read(path) { bytes throws(LedgerError) in
            hash.update(bytes)
            size += UInt64(bytes.count)
        }
        return BackupManifest.File(name: name, size: size, digest: hash.finish())
    }

    package static func write(_ bytes: [UInt8], to path: String) throws(LedgerError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("make", path) }
        defer { close(descriptor) }
        try put(bytes[...], descriptor, path)
        guard fsync(descriptor) == 0 else { throw failure("sync", path) }
    }

    /// The last of a backup's files.
    package static func write(_ manifest: BackupManifest, in directory: String) throws(LedgerError) {
        try write(Array(try manifest.text().utf8), to: directory + "/" + BackupManifest.name)
        try sync(directory)
    }

    /// The secrets go where they are asked for, and nowhere else. Returns the files' names.
    package static func write(secretsOf copy: LedgerCopy, in directory: String) throws(LedgerError) -> [String] {
        var names: [String] = []
        for (place, secret) in [(DedupSecret.Place.current, copy.current as DedupSecret?), (.next, copy.next)] {
            guard let secret else { continue }
            try write(secret.bytes, to: DedupSecret.path(in: directory, place))
            names.append(place.rawValue)
        }
        return names
    }

    static func copy(_ from: String, to path: String) throws(LedgerError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("make", path) }
        defer { close(descriptor) }
        // A file of this name that was there keeps its mode otherwise.
        guard fchmod(descriptor, 0o600) == 0 else { throw failure("protect", path) }
        try read(from) { bytes throws(LedgerError) in try put(bytes, descriptor, path) }
        guard fsync(descriptor) == 0 else { throw failure("sync", path) }
    }

    package static func move(_ from: String, to path: String) throws(LedgerError) {
        guard rename(from, path) == 0 else { throw failure("move into place", path) }
    }

    package static func sync(_ path: String) throws(LedgerError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync", path) }
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    package static func text(_ path: String) throws(LedgerError) -> String {
        var bytes: [UInt8] = []
        try read(path) { piece throws(LedgerError) in
            guard bytes.count < BackupFiles.piece else { throw .backup("\(path) is too long to be a manifest") }
            bytes += piece
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func read(
        _ path: String, _ each: (ArraySlice<UInt8>) throws(LedgerError) -> Void
    ) throws(LedgerError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: piece)
        while true {
            let count = Glibc.read(descriptor, &buffer, piece)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { return }
            try each(buffer[..<count])
        }
    }

    private static func put(_ bytes: ArraySlice<UInt8>, _ descriptor: Int32, _ path: String) throws(LedgerError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write", path) }
            rest = rest.dropFirst(count)
        }
    }

    private static func failure(_ action: String, _ path: String) -> LedgerError {
        .backup("could not \(action) \(path): \(String(cString: strerror(errno)))")
    }
}
