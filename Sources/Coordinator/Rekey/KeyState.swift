import Model
import Normalisation
import Storage

/// Under which secrets a ledger's artifacts are named, as it is stored.
package struct KeyState: Equatable, Sendable {
    /// Of the secret that every artifact is named under, but those that a change has come to.
    package var secretID: [UInt8]
    /// Of what is stored now.
    package var version: Int64
    /// Nil: no change of the secret is under way.
    package var change: KeyChange?
    /// Nil: the secret's own, as long as it is the first.
    var rawSeed: UInt64?
    /// The key of the request that began the last change.
    var requestKey: [UInt8]

    init(from database: Database) throws(LedgerError) {
        let read = try storing { () throws(StorageError) in
            var values: [String: [UInt8]] = [:]
            var numbers: [String: UInt64] = [:]
            try database.query("SELECT key, value FROM meta") { row in
                values[row.text(0)] = row.blob(1)
                numbers[row.text(0)] = row.uint(1)
            }
            let version = try database.first("SELECT max(number) FROM identity_version") { $0.int(0) } ?? 0
            return (values, numbers, version)
        }
        let (values, numbers, version) = read
        guard let secret = values["secret_id"], version > 0 else { throw .damaged(what: "it names no secret") }
        secretID = secret
        self.version = version
        rawSeed = numbers["raw_seed"]
        requestKey = values["rekey_request"] ?? []
        if let next = values["rekey_secret_id"] {
            change = KeyChange(secretID: next, done: numbers["rekey_done"] ?? 0, end: numbers["rekey_end"] ?? 0)
        }
    }

    /// Of a new ledger.
    static func write(secretID: [UInt8], version: Int64, to database: Database) throws(StorageError) {
        try database.run("INSERT INTO meta VALUES('secret_id', ?)", .blob(secretID))
        try add(version: version, secretID: secretID, to: database)
    }

    static func add(version: Int64, secretID: [UInt8], to database: Database) throws(StorageError) {
        try database.run(
            "INSERT INTO identity_version VALUES(?, 'blake2b-256', ?, ?)", .int(version), .text(unicodeVersion),
            .blob(secretID))
    }

    /// The files must be the ones that the ledger was made with. One thing may differ: a change that ended, whose
    /// secret had not been moved into its place when the process was killed.
    func check(_ place: LedgerPlace) throws(LedgerError) {
        guard place.secretID == secretID || (change == nil && place.nextSecretID == secretID) else {
            throw .secretIsAnother(path: DedupSecret.path(beside: place.path))
        }
        guard let change else { return }
        let path = DedupSecret.path(beside: place.path, .next)
        guard let next = place.nextSecretID else { throw .secretMissing(path: path) }
        guard next == change.secretID else { throw .secretIsAnother(path: path) }
    }
}

/// A change of the secret: artifacts up to `done` are named anew, those above `end` were named so from the beginning.
package struct KeyChange: Equatable, Sendable {
    package var secretID: [UInt8]
    package var done: UInt64
    package var end: UInt64
}
