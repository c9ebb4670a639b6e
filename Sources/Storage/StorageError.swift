import CSQLite

/// What a store could not do, to which file, why, and what helps.
package struct StorageError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: Hashable, Sendable {
        case busy, full, ioError, corrupt, notADatabase, readOnly, cantOpen, constraint, outOfMemory, tooBig,
            interrupted
        /// A writer of the same file is open in this process.
        case alreadyOpenForWriting
        /// Connections that must be closed first are still open in this process.
        case stillOpen
        /// The file belongs to another application.
        case foreignFile
        /// The file was written by a later version of the product.
        case newerSchema
        /// The file lacks migrations that its reader needs.
        case olderSchema
        /// A migration that was applied to this file is not the one in the binary.
        case changedMigration
        /// SQLite gave up the transaction before its end; nothing of it is stored.
        case rolledBack
        /// COMMIT failed: the transaction may be stored or not. The connection is poisoned; see `Database.recover`.
        case commitUnknown
        /// The connection had an unknown commit or a failed sync before and must be closed.
        case poisoned
        /// The connection or statement was used in a way that is never right.
        case misuse
        case other
    }

    package let code: Code
    /// SQLite's extended result code; 0 where SQLite was not asked.
    package let sqlite: Int32
    /// For `commitUnknown`: what COMMIT reported.
    package let cause: Code?
    package let sentence: String

    package init(_ code: Code, sqlite: Int32 = 0, cause: Code? = nil, _ sentence: String) {
        self.code = code
        self.sqlite = sqlite
        self.cause = cause
        self.sentence = sentence
    }

    package var description: String { sentence }
}

extension StorageError {
    /// "could not <action> <file>: <why>; <remedy>".
    static func from(_ sqlite: Int32, action: String, file: String, message: String) -> StorageError {
        let code = Code(sqlite: sqlite)
        let remedy = code.remedy.map { "; " + $0 } ?? ""
        return StorageError(
            code, sqlite: sqlite, "could not \(action) \(file): \(message) (SQLite \(sqlite))\(remedy)")
    }

    static func unknownCommit(_ cause: StorageError, file: String) -> StorageError {
        StorageError(
            .commitUnknown, sqlite: cause.sqlite, cause: cause.code,
            "it is not known whether the last transaction is stored in \(file), because its commit failed: "
                + "\(cause.sentence); nothing may be acknowledged until the file is closed, opened again, "
                + "checkpointed and read")
    }

    static func poisoned(file: String) -> StorageError {
        StorageError(
            .poisoned,
            "could not use \(file): an earlier write to it failed with an unknown outcome; close it and recover it")
    }
}

extension StorageError.Code {
    init(sqlite: Int32) {
        self =
            switch sqlite & 0xFF {
            case SQLITE_BUSY, SQLITE_LOCKED: .busy
            case SQLITE_FULL: .full
            case SQLITE_IOERR: .ioError
            case SQLITE_CORRUPT: .corrupt
            case SQLITE_NOTADB: .notADatabase
            case SQLITE_READONLY, SQLITE_PERM: .readOnly
            case SQLITE_CANTOPEN, SQLITE_AUTH: .cantOpen
            case SQLITE_CONSTRAINT: .constraint
            case SQLITE_NOMEM: .outOfMemory
            case SQLITE_TOOBIG: .tooBig
            case SQLITE_INTERRUPT: .interrupted
            case SQLITE_MISUSE, SQLITE_RANGE: .misuse
            default: .other
            }
    }

    /// True when the failure may have left something written.
    var mayHaveWritten: Bool {
        switch self {
        case .full, .ioError, .corrupt, .outOfMemory, .interrupted: true
        default: false
        }
    }

    var remedy: String? {
        switch self {
        case .busy: "stop the other process that uses this file"
        case .full: "free space on its file system"
        case .ioError: "check the disk and the kernel's log"
        case .corrupt: "stop and restore a backup"
        case .notADatabase: "check the path: this file is something else"
        case .readOnly: "check the owner and mode of the file and its directory"
        case .cantOpen: "check that its directory exists and may be entered and written"
        case .outOfMemory: "give the process more memory"
        default: nil
        }
    }
}
