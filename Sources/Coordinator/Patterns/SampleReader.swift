import Model
import Storage

/// Reads artifacts by their ids, through a connection that can write nothing. A segment is inflated once for all ids
/// in it, and no read lasts longer than a segment.
final class SampleReader {
    private let database: Database
    private let segments: SegmentReader

    init(_ place: LedgerPlace) throws(LedgerError) {
        database = try storing { () throws(StorageError) in
            try Database.open(path: place.path, access: .reader, options: place.options)
        }
        segments = SegmentReader(database, place.compressor)
    }

    func close() { database.close() }

    /// Gives each artifact, in the order of the ids, which rise, until `body` answers false.
    func each(_ ids: [UInt64], _ body: (StoredChange) -> Bool) throws(LedgerError) {
        var next = 0
        while next < ids.count {
            var held: [StoredChange] = []
            if let first = try segment(of: ids[next]) {
                try segments.each(from: first, count: 1, withContent: true) { held.append($0) }
            }
            let end = held.last?.id ?? ids[next]
            var place = 0
            repeat {
                while place < held.count, held[place].id < ids[next] { place += 1 }
                if place < held.count, held[place].id == ids[next], !body(held[place]) { return }
                next += 1
            } while next < ids.count && ids[next] <= end
        }
    }

    private func segment(of id: UInt64) throws(LedgerError) -> UInt64? {
        try storing { () throws(StorageError) in
            try database.first("SELECT first FROM segment WHERE first <= ? ORDER BY first DESC LIMIT 1", .int(id)) {
                $0.uint(0)
            }
        }
    }
}
