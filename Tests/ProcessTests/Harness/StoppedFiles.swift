import Glibc
import Storage
import TestKit
import Testing

/// The databases of a hub that was killed, as they lie there. They are looked at in copies, so that the next start
/// finds what the kill left.
struct StoppedFiles {
    private let data: String
    private let scratch = TemporaryDirectory()

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    init(_ data: String) { self.data = data }

    /// A copy of one database and its WAL, opened.
    func open(_ name: String) throws -> Database {
        for suffix in ["", "-wal"] { try StoppedFiles.copy(data + "/" + name + suffix, scratch.file(name + suffix)) }
        return try Database.open(path: scratch.file(name), access: .writer)
    }

    /// SQLite finds no fault in the file.
    func expectSound(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let database = try open(name)
        defer { database.close() }
        let words = try database.all("PRAGMA integrity_check") { $0.text(0) }
        #expect(words == ["ok"], "\(name)", sourceLocation: sourceLocation)
    }

    /// The ledger's state versions follow each other without a gap up to the head's, and it adds up.
    func expectWholeLedger(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let ledger = try open("ledger.db")
        defer { ledger.close() }
        let figures = try ledger.first(
            """
            SELECT (SELECT count(*) FROM log), (SELECT coalesce(min(version), 1) FROM log),
                (SELECT coalesce(max(version), 0) FROM log), state_version, stored,
                (SELECT coalesce(sum(count), 0) FROM segment), (SELECT coalesce(sum(length(packed) / 79), 0)
                FROM identity), received - stored - duplicates - refused FROM head
            """
        ) { row in (0..<8).map { row.int(Int32($0)) } }
        guard let figures else { throw Failure(description: "the ledger has no head") }
        let (rows, first, last, version, stored) = (figures[0], figures[1], figures[2], figures[3], figures[4])
        #expect(first == 1 && last == version && rows == version, "\(figures)", sourceLocation: sourceLocation)
        #expect(figures[5] == stored && figures[6] == stored, "\(figures)", sourceLocation: sourceLocation)
        #expect(figures[7] == 0, "\(figures)", sourceLocation: sourceLocation)
        let words = try ledger.all("PRAGMA integrity_check") { $0.text(0) }
        #expect(words == ["ok"], sourceLocation: sourceLocation)
    }

    private static func copy(_ from: String, _ to: String) throws {
        let source = Glibc.open(from, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else {
            unlink(to)
            return
        }
        defer { close(source) }
        let target = Glibc.open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard target >= 0 else { throw Failure(description: "\(to): errno \(errno)") }
        defer { close(target) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        while case let count = read(source, &bytes, bytes.count), count != 0 {
            guard count > 0, write(target, bytes, count) == count else {
                throw Failure(description: "\(from): errno \(errno)")
            }
        }
    }
}
