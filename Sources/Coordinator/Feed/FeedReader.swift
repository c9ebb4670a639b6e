import Model
import Storage

/// Reads one artifact with its content, for the walk.
final class FeedReader {
    private let database: Database
    private let segments: SegmentReader
    /// The segment read last: neighbours in the ranking are often neighbours there.
    private var last: [StoredChange] = []

    init(_ place: LedgerPlace) throws(StorageError) {
        database = try Database.open(path: place.path, access: .reader, options: place.options)
        segments = SegmentReader(database, place.compressor)
    }

    func close() { database.close() }

    /// Nil when there is none of this id.
    func artifact(_ id: UInt64) throws(StorageError) -> StoredChange? {
        if let known = last.first(where: { $0.id == id }) { return known }
        let first = try database.first("SELECT max(first) FROM segment WHERE first <= ?", .int(id)) { $0.uintOrNil(0) }
        guard let first, let first else { return nil }
        last = []
        do throws(LedgerError) {
            try segments.each(from: first, count: 1, withContent: true) { last.append($0) }
        } catch {
            throw StorageError(.corrupt, "could not read artifact a\(id): \(error)")
        }
        return last.first { $0.id == id }
    }
}
