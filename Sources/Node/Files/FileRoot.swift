import Glibc
import Model
import Wire

/// A directory below which files may be collected. It is resolved once, when the node starts; below it no symbolic
/// link is followed, whoever made it and whenever.
package struct FileRoot: Sendable {
    /// As configured, and as it really is: a location may be written either way.
    private let spellings: [String]
    private let real: String

    /// Nil unless it is a directory.
    package init?(_ path: String) {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        real = String(cString: resolved)
        var status = stat()
        guard stat(real, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
        spellings = [path, real].map { $0.count > 1 && $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    }

    /// The parts of `location` below this root; nil when it is not below it.
    func parts(of location: String) -> [String]? {
        for root in spellings {
            let prefix = root == "/" ? "/" : root + "/"
            guard location.hasPrefix(prefix) || location == root else { continue }
            let parts = location.dropFirst(prefix.count).split(separator: "/").filter { $0 != "." }
            return parts.contains("..") ? nil : parts.map(String.init)
        }
        return nil
    }

    /// The directory that a location leads to, and the last part of it; nil for a root itself.
    static func place(
        of location: String, below roots: [FileRoot]
    ) throws(CollectionFailure) -> (directory: Directory, last: String?) {
        let (root, parts) = try parts(of: location, below: roots)
        do throws(FileError) {
            return (try root.open(parts.dropLast()), parts.last)
        } catch {
            throw CollectionFailure(.failedTarget, error.words)
        }
    }

    /// The root that a location lies below, and its parts from there on.
    static func parts(
        of location: String, below roots: [FileRoot]
    ) throws(CollectionFailure) -> (FileRoot, [String]) {
        let path = location.hasPrefix("file://") ? String(location.dropFirst(7)) : location
        for root in roots {
            if let parts = root.parts(of: path) { return (root, parts) }
        }
        throw CollectionFailure(
            .failedNode,
            "\"\(path.prefix(200))\" lies below no root of this node; allow it with --allow-root, "
                + "and write it without ..")
    }

    /// Opens the directory that `parts` lead to, one part at a time.
    func open(_ parts: some Collection<String>) throws(FileError) -> Directory {
        var directory = try Directory(Glibc.open(real, O_RDONLY | O_DIRECTORY | O_CLOEXEC), real)
        for part in parts { directory = try directory.enter(part) }
        return directory
    }
}

struct FileError: Error, Equatable {
    let words: String

    init(_ words: String) { self.words = words }

    init(_ path: String, _ code: Int32) {
        switch code {
        case ELOOP, ENOTDIR: words = "\(path) is a symbolic link or not a directory; neither is followed below a root"
        default: words = "\(path): \(String(cString: strerror(code)).lowercased())"
        }
    }
}

/// An open directory, and its entries one after another.
final class Directory {
    let path: String
    private let descriptor: Int32
    private var stream: OpaquePointer?

    init(_ descriptor: Int32, _ path: String) throws(FileError) {
        guard descriptor >= 0 else { throw FileError(path, errno) }
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        if let stream { closedir(stream) }
        close(descriptor)
    }

    func enter(_ name: String) throws(FileError) -> Directory {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        return try Directory(openat(descriptor, name, flags), path + "/" + name)
    }

    /// What a name stands for, without following a link; nil when it is gone.
    func identity(of name: String) -> FileIdentity? {
        var status = stat()
        return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? FileIdentity(status) : nil
    }

    /// Whether a name is a directory itself; a link to one is none.
    func holdsDirectory(_ name: String) -> Bool {
        var status = stat()
        return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Nil when it is gone, or not a regular file. A pipe or a device is not waited for.
    func openFile(_ name: String) -> OpenFile? {
        let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        return file >= 0 ? OpenFile(file) : nil
    }

    /// The next entry's name; nil at the end.
    func nextName() throws(FileError) -> String? {
        if stream == nil {
            // The stream owns a descriptor of its own.
            stream = fdopendir(openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        }
        guard let stream else { throw FileError(path, errno) }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let name, name != ".", name != ".." { return name }
        }
        return nil
    }
}

/// Which version of which file: the kernel renews the change time with every change, and nobody can set it back.
struct FileIdentity: Equatable {
    let inode: UInt64
    let changed: UInt64  // ns since 1970
    let size: UInt64
    let isRegular: Bool

    init(_ status: stat) {
        inode = UInt64(status.st_ino)
        changed = UInt64(clamping: status.st_ctim.tv_sec) * 1_000_000_000 + UInt64(clamping: status.st_ctim.tv_nsec)
        size = UInt64(clamping: status.st_size)
        isRegular = status.st_mode & S_IFMT == S_IFREG
    }

    /// FNV-1a: enough to tell the versions of a few hundred files apart.
    var hash: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for word in [inode, changed, size] {
            for place in 0..<8 as Range<UInt64> {
                hash = (hash ^ ((word >> (8 * place)) & 0xFF)) &* 0x0000_0100_0000_01B3
            }
        }
        return hash
    }
}

final class OpenFile {
    private let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    var identity: FileIdentity? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? FileIdentity(status) : nil
    }

    func seek(to offset: UInt64) -> Bool { lseek(descriptor, off_t(clamping: offset), SEEK_SET) >= 0 }

    /// The next bytes, at most `count`; empty at the end, nil when it cannot be read.
    func read(_ count: Int) -> [UInt8]? {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let got = Glibc.read(descriptor, buffer.baseAddress, count)
            failed = got < 0
            filled = max(0, got)
        }
        return failed ? nil : bytes
    }
}
