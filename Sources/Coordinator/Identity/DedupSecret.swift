import Glibc
import Model
package import Sealing

/// The key of every digest in a cluster: 32 bytes in a file of mode 0600, made at first start, never logged.
package struct DedupSecret: Sendable {
    package static let length = 32

    let bytes: [UInt8]

    package init(bytes: [UInt8]) {
        precondition(bytes.count == DedupSecret.length)
        self.bytes = bytes
    }

    /// Names the secret without telling it.
    package var id: [UInt8] {
        let hash = KeyedHash(key: bytes, salt: [], personalisation: "rookery.secretid")
        hash.begin()
        return Array(hash.finish().bytes.prefix(16))
    }

    package static func path(in directory: String) -> String { directory + "/dedup.secret" }

    /// The secret of a data directory. It is made where there is no ledger yet; a ledger without its secret is refused.
    package static func open(in directory: String, ledger: String) throws(LedgerError) -> DedupSecret {
        if let known = try load(from: directory) { return known }
        guard access(ledger, F_OK) != 0 else { throw .secretMissing(path: path(in: directory)) }
        return try create(in: directory)
    }

    /// Makes a new secret and writes it, synced, before anything is hashed with it.
    package static func create(in directory: String) throws(LedgerError) -> DedupSecret {
        let path = path(in: directory)
        let secret = DedupSecret(bytes: secureRandom(count: length))
        let fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard fd >= 0 else { throw .secretNotWritable(path: path, errno: errno) }
        defer { close(fd) }
        guard write(fd, secret.bytes, length) == length, fsync(fd) == 0 else {
            throw .secretNotWritable(path: path, errno: errno)
        }
        return secret
    }

    /// Nil when there is no such file.
    package static func load(from directory: String) throws(LedgerError) -> DedupSecret? {
        let path = path(in: directory)
        let fd = open(path, O_RDONLY | O_CLOEXEC)
        guard fd >= 0 else {
            if errno == ENOENT { return nil }
            throw .secretNotReadable(path: path, errno: errno)
        }
        defer { close(fd) }
        var bytes = [UInt8](repeating: 0, count: length + 1)
        let count = read(fd, &bytes, length + 1)
        guard count == length else { throw .secretDamaged(path: path, length: max(0, count)) }
        return DedupSecret(bytes: Array(bytes.prefix(length)))
    }
}
