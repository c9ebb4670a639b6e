import Glibc
import Lifecycle
import TestKit
import Testing

@Suite struct DirectoryLockTests {
    private let temporary = TemporaryDirectory()

    private func error(_ directory: String) -> DirectoryLockError? {
        do throws(DirectoryLockError) {
            _ = try DirectoryLock(directory: directory)
            return nil
        } catch {
            return error
        }
    }

    @Test func `A missing directory is made, with those above it`() throws {
        let path = temporary.path + "/a/b/c"
        let lock = try DirectoryLock(directory: path)
        var status = stat()
        #expect(stat(path + "/lock", &status) == 0)
        #expect(lock.directory == path)
    }

    @Test func `A directory has one owner, who is named to the second`() throws {
        let lock = try DirectoryLock(directory: temporary.path)
        let error = error(temporary.path)
        #expect(error == .held(directory: temporary.path, pid: Int(getpid())))
        #expect(
            error?.description == "the data directory \(temporary.path) is in use by process \(getpid()); "
                + "stop it, or give another --data directory")
        withExtendedLifetime(lock.directory) {}
    }

    @Test func `The directory is free when the lock is gone`() throws {
        do { _ = try DirectoryLock(directory: temporary.path) }
        #expect(error(temporary.path) == nil)
    }

    @Test func `A file is not a directory`() {
        let path = temporary.path + "/file"
        close(open(path, O_CREAT | O_WRONLY, 0o600))
        #expect(error(path) == .notDirectory(path))
        #expect(error(path + "/below") == .notDirectory(path + "/below"))
        #expect(error(path)?.description == "\(path) is not a directory; give --data a directory")
    }

    @Test(.enabled(if: geteuid() != 0, "root may write anywhere"))
    func `A directory that cannot be written is refused`() {
        chmod(temporary.path, 0o500)
        #expect(error(temporary.path) == .notWritable(temporary.path))
        chmod(temporary.path, 0o700)
    }

    @Test func `What the system refuses to make is said with the system's reason`() {
        #expect(error("/proc/rookery") == .cannotCreate("/proc/rookery", reason: "No such file or directory"))
    }

    @Test func `A lock that is a link is not followed`() {
        symlink("/tmp/elsewhere", temporary.path + "/lock")
        #expect(error(temporary.path) == .cannotLock(temporary.path, reason: "Too many levels of symbolic links"))
    }
}
