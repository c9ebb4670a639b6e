import Glibc
package import Model
import Storage

/// Makes a data directory from a backup. The caller holds the directory's lock.
package struct Restore {
    private let source: String
    private let directory: String

    package static let ledger = "ledger.db"
    package static let orchestrator = "orchestrator.db"
    package static let derived = "derived.db"
    package static let secret = "dedup.secret"
    private static let secrets = DedupSecret.Place.allCases.map(\.rawValue)

    package init(from source: String, to directory: String) {
        self.source = source
        self.directory = directory
    }

    /// Verifies everything, copies it, and raises the ledger's incarnation; refuses to overwrite. The ledger is last:
    /// without it the directory is none that serves. Nil: there is none; an orchestrator's own incarnation is raised by
    /// whoever begins its next life.
    package func perform(wall: WallTime) throws(LedgerError) -> (manifest: BackupManifest, incarnation: UInt64?) {
        let manifest = try BackupManifest(parsing: BackupFiles.text(source + "/" + BackupManifest.name))
        guard manifest.holds(Restore.ledger) || manifest.holds(Restore.orchestrator) else {
            throw .backup("the backup holds neither a ledger nor an orchestrator's database; use another one")
        }
        try refuseToOverwrite(manifest)
        try verify(manifest)
        if manifest.holds(Restore.ledger) { try checkSecrets(manifest) }
        for file in manifest.files where !Restore.secrets.contains(file.name) || !BackupFiles.exists(path(file.name)) {
            try BackupFiles.copy(source + "/" + file.name, to: path(file.name) + ".restoring")
        }
        var incarnation: UInt64?
        if manifest.holds(Restore.ledger) {
            // Never one that was given before, were this copy restored twice: it follows the clock.
            let next = max(manifest.incarnation + 1, UInt64(max(0, wall.milliseconds)) / 1_000)
            try raise(path(Restore.ledger) + ".restoring", to: next)
            incarnation = next
        }
        let last = manifest.files.filter { $0.name == Restore.ledger }
        for file in manifest.files.filter({ $0.name != Restore.ledger }) + last
        where BackupFiles.exists(path(file.name) + ".restoring") {
            try BackupFiles.move(path(file.name) + ".restoring", to: path(file.name))
        }
        try BackupFiles.sync(directory)
        return (manifest, incarnation)
    }

    private func path(_ name: String) -> String { directory + "/" + name }

    private func refuseToOverwrite(_ manifest: BackupManifest) throws(LedgerError) {
        let others = manifest.files.map(\.name).filter { !Restore.secrets.contains($0) }
        for name in [Restore.ledger, Restore.orchestrator, Restore.derived] + others {
            for suffix in ["", "-wal"] where BackupFiles.exists(path(name) + suffix) {
                throw .backup("\(path(name))\(suffix) is there already; give an empty --data directory")
            }
        }
    }

    private func verify(_ manifest: BackupManifest) throws(LedgerError) {
        for file in manifest.files {
            let found = try BackupFiles.seal(source, file.name)
            guard found == file else {
                throw .backup("\(source)/\(file.name) is not what its manifest says; use another backup")
            }
        }
    }

    private func checkSecrets(_ manifest: BackupManifest) throws(LedgerError) {
        try checkSecret(manifest, .current, manifest.secretID)
        if let id = manifest.nextSecretID { try checkSecret(manifest, .next, id) }
    }

    private func checkSecret(
        _ manifest: BackupManifest, _ place: DedupSecret.Place, _ id: [UInt8]
    ) throws(LedgerError) {
        let inBackup = manifest.files.contains { $0.name == place.rawValue }
        guard let secret = try DedupSecret.load(from: inBackup ? source : directory, place) else {
            throw .backup(
                "the backup was made without the dedup secret; put the file \(place.rawValue) into \(directory) first")
        }
        guard secret.id == id else {
            throw .secretIsAnother(path: DedupSecret.path(in: inBackup ? source : directory, place))
        }
        if inBackup, let other = try DedupSecret.load(from: directory, place), other.id != id {
            throw .secretIsAnother(path: DedupSecret.path(in: directory, place))
        }
    }

    private func raise(_ file: String, to incarnation: UInt64) throws(LedgerError) {
        try storing { () throws(StorageError) in
            let database = try Database.open(path: file, access: .writer)
            defer { database.close() }
            // A backup of an older version is brought up to this one, as its data directory would have been.
            try database.migrate(to: LedgerSchema.current)
            try database.transaction { () throws(StorageError) in
                try database.run("UPDATE meta SET value = ? WHERE key = 'incarnation'", .int(incarnation))
                try database.run("DELETE FROM meta WHERE key = 'accepted_version'")
                try database.run(
                    "INSERT OR REPLACE INTO meta SELECT 'restored_version', state_version FROM head WHERE id = 1")
                // One that a copy has from a restore before is lower, and still to be kept.
                try database.run(
                    "INSERT OR IGNORE INTO meta SELECT 'receipts_limit', state_version FROM head WHERE id = 1")
            }
            try database.checkpoint(.truncate)
        }
        unlink(file + "-wal")
        unlink(file + "-shm")
        try BackupFiles.sync(file)
    }

    // MARK: Accepting a loss

    /// Lets a data directory that lacks what nodes were told is stored serve again: streams go on from what nodes still
    /// hold. Returns how many ranges are given up, and the state version up to which receipts are the ledger's own.
    package static func acceptLoss(in directory: String) throws(LedgerError) -> (ranges: Int, version: UInt64) {
        guard BackupFiles.exists(directory + "/" + ledger) else {
            throw .backup("\(directory) holds no ledger; give the hub's data directory with --data")
        }
        return try storing { () throws(StorageError) in
            let database = try Database.open(path: directory + "/" + ledger, access: .writer)
            defer { database.close() }
            try database.migrate(to: LedgerSchema.current)
            let version = try database.first("SELECT state_version FROM head") { $0.uint(0) } ?? 0
            return try database.transaction { () throws(StorageError) in
                try database.run("INSERT OR REPLACE INTO meta VALUES('accepted_version', ?)", .int(version))
                try database.run(
                    """
                    INSERT INTO stream SELECT stream, node, max(last), ?, NULL FROM missing WHERE accepted = 0
                        GROUP BY stream
                    ON CONFLICT(id) DO UPDATE SET last_applied = max(last_applied, excluded.last_applied),
                        version = excluded.version, recent = NULL
                    """, .int(version))
                try database.run("UPDATE missing SET accepted = 1 WHERE accepted = 0")
                let ranges = database.changes
                return (ranges, min(version, try Ledger.loadReceiptsLimit(from: database) ?? version))
            }
        }
    }
}
