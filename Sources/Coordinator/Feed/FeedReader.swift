import Model
import Storage

/// Reads artifacts as they are now, for the walk.
final class FeedReader {
    private let database: Database
    private let records: CurrentRecords
    private let segments: SegmentReader
    /// The segment read last: neighbours in the ranking are often neighbours there.
    private var last: [StoredChange] = []

    init(_ place: LedgerPlace) throws(StorageError) {
        database = try Database.open(path: place.path, access: .reader, options: place.options)
        records = CurrentRecords(database, place.compressor)
        segments = SegmentReader(database, place.compressor)
    }

    func close() { database.close() }

    /// The newest state version.
    func head() throws(StorageError) -> UInt64 {
        try database.first("SELECT state_version FROM head") { $0.uint(0) } ?? 0
    }

    /// Nil when there is none of this id.
    func artifact(_ id: UInt64) throws(StorageError) -> StoredChange? {
        if !last.contains(where: { $0.id == id }) { last = try segment(of: id, withContent: true) }
        guard let stored = last.first(where: { $0.id == id }) else { return nil }
        return try current(stored)
    }

    /// Those of these ids, which rise, that there are; without their contents. A segment is read once.
    func describe(_ ids: [UInt64]) throws(StorageError) -> [StoredChange] {
        var found: [StoredChange] = []
        var held: [StoredChange] = []
        for id in ids {
            if held.last.map({ $0.id < id }) ?? true { held = try segment(of: id, withContent: false) }
            if let stored = held.first(where: { $0.id == id }) { found.append(try current(stored)) }
        }
        return found
    }

    private func segment(of id: UInt64, withContent: Bool) throws(StorageError) -> [StoredChange] {
        let first = try database.first("SELECT max(first) FROM segment WHERE first <= ?", .int(id)) { $0.uintOrNil(0) }
        guard let first, let first else { return [] }
        var held: [StoredChange] = []
        do throws(LedgerError) {
            try segments.each(from: first, count: 1, withContent: withContent) { held.append($0) }
        } catch {
            throw StorageError(.corrupt, "could not read artifact a\(id): \(error)")
        }
        return held
    }

    /// With what its current version says.
    private func current(_ stored: StoredChange) throws(StorageError) -> StoredChange {
        do throws(LedgerError) {
            guard let (version, at) = try records.version(of: stored.id) else { return stored }
            return stored.raised(by: VersionChange(version, at: WallTime(milliseconds: at)))
        } catch {
            throw StorageError(.corrupt, "could not read artifact a\(stored.id): \(error)")
        }
    }
}

extension StoredChange {
    /// The same artifact and content under a version's claims. The signals stay those it came with: what its source
    /// said later stands elsewhere, and takes nothing back.
    func raised(by version: VersionChange) -> StoredChange {
        var raised = self
        raised.node = version.node
        raised.receivedAt = version.receivedAt
        raised.confidence = version.confidence
        raised.threatLevel = version.threatLevel
        raised.opportunityValue = version.opportunityValue
        raised.metadata = version.metadata
        return raised
    }
}
