import Glibc
import Model
import Sealing

/// The key of every digest in a cluster: 32 bytes in a file of mode 0600, made at first start, never logged.
package struct DedupSecret: Sendable {
    package static let length = 32

    let bytes: [UInt8]
    /// Names the secret without telling it.
    package let id: [UInt8]

    package init(bytes: [UInt8]) throws(LedgerError) {
        do throws(SealingError) {
            let hash = try KeyedHash(key: bytes, personalisation: "rookery.secretid".utf8)
            id = Array(hash.finish().bytes.prefix(16))
        } catch {
            throw .sealing(error)
        }
        self.bytes = bytes
    }

    private static let name = "dedup.secret"

    package static func path(in directory: String) -> String { directory + "/" + name }

    /// Where the secret of this ledger lies.
    static func path(beside ledger: String) -> String {
        guard let slash = ledger.lastIndex(of: "/") else { return name }
        return ledger[...slash] + name
    }

    /// The secret of a data directory. It is made where there is no ledger yet; a ledger without its secret is refused.
    package static func open(in directory: String, ledger: String) throws(LedgerError) -> DedupSecret {
        if let known = try load(from: directory) { return known }
        guard access(ledger, F_OK) != 0 else { throw .secretMissing(path: path(in: directory)) }
        return try create(in: directory)
    }

    /// Makes a new secret and writes it, synced, before anything is hashed with it. It is there whole or not at all:
    /// half a secret, from a process killed meanwhile, would keep the cluster from ever starting.
    package static func create(in directory: String) throws(LedgerError) -> DedupSecret {
        let path = path(in: directory)
        let secret = try generate()
        let draft = path + ".new"
        guard write(secret, to: draft), rename(draft, path) == 0, sync(directory) else {
            throw .secretNotWritable(path: path, errno: errno)
        }
        return secret
    }

    private static func write(_ secret: DedupSecret, to path: String) -> Bool {
        let fd = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard fd >= 0 else { return false }
        defer { close(fd) }
        return Glibc.write(fd, secret.bytes, length) == length && fsync(fd) == 0
    }

    /// The directory's entry must survive a power cut as well as the file does.
    private static func sync(_ directory: String) -> Bool {
        let fd = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard fd >= 0 else { return false }
        defer { close(fd) }
        return fsync(fd) == 0
    }

    private static func generate() throws(LedgerError) -> DedupSecret {
        let bytes: [UInt8]
        do throws(SealingError) { bytes = try secureRandom(length) } catch { throw .sealing(error) }
        return try DedupSecret(bytes: bytes)
    }

    /// Nil when there is no such file.
    package static func load(from directory: String) throws(LedgerError) -> DedupSecret? {
        let path = path(in: directory)
        let fd = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard fd >= 0 else {
            if errno == ENOENT { return nil }
            throw .secretNotReadable(path: path, errno: errno)
        }
        defer { close(fd) }
        var bytes = [UInt8](repeating: 0, count: length + 1)
        let count = read(fd, &bytes, length + 1)
        guard count == length else { throw .secretDamaged(path: path, length: max(0, count)) }
        return try DedupSecret(bytes: Array(bytes.prefix(length)))
    }
}
