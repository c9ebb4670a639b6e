import Sealing

/// The secrets of a data directory, and the keys that intake has of them. Confined to the ledger's thread.
final class SecretKeeper {
    let ring: KeyRing
    private let directory: String
    private(set) var current: DedupSecret
    private(set) var next: DedupSecret?

    /// What the files hold, before anyone has asked the ledger which of it counts.
    struct Found {
        var directory: String
        var current: DedupSecret
        var next: DedupSecret?

        init(in directory: String, ledger: String) throws(LedgerError) {
            self.directory = directory
            current = try DedupSecret.open(in: directory, ledger: ledger)
            next = try DedupSecret.load(from: directory, .next)
        }
    }

    /// The ledger was opened with these, so they are the ones that it wants.
    init(_ found: Found, _ ledger: Ledger) throws(LedgerError) {
        directory = found.directory
        current = found.current
        next = found.next
        ring = KeyRing(IdentityKeys(secret: found.current, salt: ledger.identity.salt))
        try follow(ledger)
    }

    /// Makes the secret that is to take the place of the current one. One that was made before and is in no use is
    /// overwritten: the ledger knows of none.
    func makeNext() throws(LedgerError) -> DedupSecret {
        let secret = try DedupSecret.create(in: directory, .next)
        next = secret
        return secret
    }

    /// Brings files and keys to where the ledger is; called whenever that may have moved.
    func follow(_ ledger: Ledger) throws(LedgerError) {
        let state = ledger.keys
        if state.change == nil, current.id != state.secretID, let new = next {
            try DedupSecret.promote(in: directory)
            current = new
            next = nil
        }
        let seed = state.rawSeed ?? current.rawSeed
        var keys = IdentityKeys(
            version: state.version, secret: current, salt: ledger.identity.salt, scope: ledger.identity.scope,
            rawSeed: seed)
        if state.change != nil, let new = next {
            keys.secret = new
            keys.former = current
        }
        do throws(SealingError) { ledger.renewer = try IdentityHasher(keys) } catch { throw .sealing(error) }
        ring.publish(keys)
    }
}
