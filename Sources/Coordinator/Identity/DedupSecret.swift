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

    /// Of the check of raw bytes in a cluster that was made with this secret.
    var rawSeed: UInt64 { bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }

    /// Which of a data directory's secrets.
    package enum Place: String, CaseIterable, Sendable {
        /// The one that stored content is named under.
        case current = "dedup.secret"
        /// The one that takes its place once all of that is named anew.
        case next = "dedup.secret.next"
    }

    package static func path(in directory: String, _ place: Place = .current) -> String {
        directory + "/" + place.rawValue
    }

    /// Where the secret of this ledger lies.
    static func path(beside ledger: String, _ place: Place = .current) -> String {
        guard let slash = ledger.lastIndex(of: "/") else { return place.rawValue }
        return ledger[...slash] + place.rawValue
    }

    /// The next secret takes the place of the one before, which is gone then.
    static func promote(in directory: String) throws(LedgerError) {
        let path = path(in: directory)
        guard rename(DedupSecret.path(in: directory, .next), path) == 0, sync(directory) else {
            throw .secretNotWritable(path: path, errno: errno)
        }
    }

    /// The secret of a data directory. It is made where there is no ledger yet; a ledger without its secret is refused.
    package static func open(in directory: String, ledger: String) throws(LedgerError) -> DedupSecret {
        if let known = try load(from: directory) { return known }
        guard access(ledger, F_OK) != 0 else { throw .secretMissing(path: path(in: directory)) }
        return try create(in: directory)
    }

    /// Makes a new secret and writes it, synced, before anything is hashed with it. It is there whole or not at all:
    /// half a secret, from a process killed meanwhile, would keep the cluster from ever starting.
    package static func create(
        in directory: String, _ place: Place = .current
    ) throws(LedgerError) -> DedupSecret {
        let path = path(in: directory, place)
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
        // A draft that was there keeps its mode otherwise.
        guard fchmod(fd, 0o600) == 0 else { return false }
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
    package static func load(
        from directory: String, _ place: Place = .current
    ) throws(LedgerError) -> DedupSecret? {
        let path = path(in: directory, place)
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
