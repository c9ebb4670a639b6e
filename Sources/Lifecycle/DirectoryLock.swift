import Glibc

/// Why a data directory cannot be used.
package enum DirectoryLockError: Error, Equatable, CustomStringConvertible {
    case held(directory: String, pid: Int?)
    case notDirectory(String)
    case notWritable(String)
    case cannotCreate(String, reason: String)
    case cannotLock(String, reason: String)

    package var description: String {
        switch self {
        case .held(let directory, let pid):
            let owner = pid.map { "process \($0)" } ?? "another process"
            return "the data directory \(directory) is in use by \(owner); stop it, or give another --data directory"
        case .notDirectory(let directory):
            return "\(directory) is not a directory; give --data a directory"
        case .notWritable(let directory):
            return "the data directory \(directory) is not writable by this user; change its owner or mode, "
                + "or give another --data directory"
        case .cannotCreate(let directory, let reason):
            return "cannot create the data directory \(directory): \(reason)"
        case .cannotLock(let directory, let reason):
            return "cannot lock the data directory \(directory): \(reason)"
        }
    }
}

/// A data directory owned by this process for as long as the lock lives. The kernel gives it up when the process
/// dies, however it dies; the process number in the file is for the message only.
package struct DirectoryLock: ~Copyable, Sendable {
    package let directory: String
    private let descriptor: Int32

    /// Makes the directory (and those above it) where it is missing, then locks DIRECTORY/lock.
    package init(directory: String) throws(DirectoryLockError) {
        try DirectoryLock.create(directory)
        let path = directory + "/lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw DirectoryLock.failure(errno, directory) { .cannotLock(directory, reason: $0) }
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            defer { close(descriptor) }
            guard code == EWOULDBLOCK else { throw .cannotLock(directory, reason: String(cString: strerror(code))) }
            throw .held(directory: directory, pid: DirectoryLock.owner(descriptor))
        }
        let pid = Array("\(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        pwrite(descriptor, pid, pid.count, 0)
        self.directory = directory
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    private static func create(_ directory: String) throws(DirectoryLockError) {
        var made = directory.hasPrefix("/") ? "" : "."
        for part in directory.split(separator: "/") {
            made += "/" + part
            if mkdir(made, 0o700) == 0 || errno == EEXIST || errno == EISDIR { continue }
            throw failure(errno, directory) { .cannotCreate(directory, reason: $0) }
        }
        var status = stat()
        guard stat(directory, &status) == 0 else {
            throw failure(errno, directory) { .cannotCreate(directory, reason: $0) }
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .notDirectory(directory) }
    }

    private static func failure(
        _ code: Int32, _ directory: String, _ other: (String) -> DirectoryLockError
    ) -> DirectoryLockError {
        switch code {
        case EACCES, EPERM, EROFS: .notWritable(directory)
        case ENOTDIR: .notDirectory(directory)
        default: other(String(cString: strerror(code)))
        }
    }

    private static func owner(_ descriptor: Int32) -> Int? {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int(String(decoding: bytes[..<count].prefix { $0 != 10 }, as: UTF8.self))
    }
}
