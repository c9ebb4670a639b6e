import CSQLite

/// Why a transaction whose body has errors of its own is not stored, or may not be.
package enum TransactionFailure<Body: Error>: Error {
    /// The body threw; everything it did is rolled back.
    case body(Body)
    case storage(StorageError)
}

extension Database {
    /// BEGIN IMMEDIATE, the body, COMMIT. An error of the body rolls back and is thrown on. An error of COMMIT is
    /// `commitUnknown`: the transaction may be stored or not, and this connection is of no more use.
    package func transaction<T>(_ body: () throws(StorageError) -> T) throws(StorageError) -> T {
        do throws(TransactionFailure<StorageError>) {
            return try transaction(failingWith: StorageError.self, body)
        } catch {
            switch error {
            case .body(let error), .storage(let error): throw error
            }
        }
    }

    /// The same for a body that throws another error.
    package func transaction<T, Failure: Error>(
        failingWith: Failure.Type, _ body: () throws(Failure) -> T
    ) throws(TransactionFailure<Failure>) -> T {
        do throws(StorageError) { try begin() } catch { throw .storage(error) }
        let value: T
        do throws(Failure) {
            value = try body()
        } catch {
            rollback()
            throw .body(error)
        }
        do throws(StorageError) { try commit() } catch { throw .storage(error) }
        return value
    }

    private static let beginPatience: Int32 = 250  // ms

    private func begin() throws(StorageError) {
        try checkUsable()
        if inTransaction { throw StorageError(.misuse, "could not begin in \(path): a transaction is open already") }
        // A reader that looks at the WAL's head in the moment in which it is written takes the lock to make sure.
        sqlite3_busy_timeout(handle, Database.beginPatience)
        let code = sqlite3_exec(handle, "BEGIN IMMEDIATE", nil, nil, nil)
        sqlite3_busy_timeout(handle, 0)
        // Nothing is written yet, so this failure leaves no doubt.
        if code != SQLITE_OK { throw failure(code, running: "BEGIN IMMEDIATE", writes: false) }
        inTransaction = true
    }

    private func commit() throws(StorageError) {
        defer { inTransaction = false }
        try checkUsable()
        do throws(StorageError) {
            try run("COMMIT")
        } catch {
            isPoisoned = true
            throw .unknownCommit(error, file: path)
        }
    }

    /// A rollback that fails leaves a connection nobody can reason about.
    private func rollback() {
        defer { inTransaction = false }
        guard let handle, sqlite3_get_autocommit(handle) == 0 else { return }
        if sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) != SQLITE_OK { isPoisoned = true }
    }
}
