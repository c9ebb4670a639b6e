import Storage

extension Ledger {
    /// From now on what is new is named under another secret. The file with it is on disk by now.
    func beginChange(to secretID: [UInt8], rawSeed: UInt64, request: [UInt8]) throws(LedgerError) {
        let version = keys.version + 1
        let end = head.stored
        try maintain { database throws(StorageError) in
            try KeyState.add(version: version, secretID: secretID, to: database)
            let values: [(String, SQLValue)] = [
                ("rekey_secret_id", .blob(secretID)), ("rekey_done", .int(0)), ("rekey_end", .int(end)),
                ("rekey_request", .blob(request)), ("raw_seed", .int(rawSeed)),
            ]
            for (key, value) in values {
                try database.run("INSERT OR REPLACE INTO meta VALUES(?, ?)", .text(key), value)
            }
        }
        keys = try KeyState(from: database)
    }

    /// Names stored artifacts anew, and notes how far that has come, in one transaction. Nothing is written where a
    /// segment is no longer what it was when it was read.
    func rename(_ segments: [RenamedSegment], done: UInt64) throws(LedgerError) {
        guard let change = keys.change, done > change.done else { return }
        let version = keys.version
        var renamed: [RenamedSegment] = []
        try maintain { database throws(StorageError) in
            for segment in segments {
                try database.run(
                    "UPDATE segment SET checksum = ?, identity_version = ? WHERE first = ? AND checksum = ?",
                    .int(segment.checksum), .int(version), .int(segment.first), .int(segment.formerChecksum))
                guard database.changes == 1 else { continue }
                try database.run(
                    "UPDATE identity SET packed = ? WHERE first = ?", .blob(segment.packed), .int(segment.first))
                renamed.append(segment)
            }
            try database.run("UPDATE meta SET value = ? WHERE key = 'rekey_done'", .int(done))
        }
        for segment in renamed { table.rename(first: segment.first, packed: segment.packed) }
        keys.change?.done = done
    }

    /// Every artifact is named under the new secret: the one before is of no more use.
    func endChange() throws(LedgerError) {
        guard let change = keys.change, change.done >= change.end else { return }
        try maintain { database throws(StorageError) in
            try database.run("UPDATE meta SET value = ? WHERE key = 'secret_id'", .blob(change.secretID))
            try database.run("DELETE FROM meta WHERE key IN ('rekey_secret_id', 'rekey_done', 'rekey_end')")
        }
        keys = try KeyState(from: database)
    }

    /// One transaction that changes nothing of what holds at any state version, and so makes no new one.
    func maintain(_ body: (Database) throws(StorageError) -> Void) throws(LedgerError) {
        try storing { () throws(StorageError) in
            try database.transaction { () throws(StorageError) in try body(database) }
        }
    }
}
