import Fetching
import Model
import Wire

/// Where a data set's bytes come from, one piece after another.
enum RowSource {
    case file(OpenFile)
    case body(FetchedBody)

    /// Empty at the end.
    nonisolated(nonsending) func next(_ source: String) async throws(CollectionFailure) -> [UInt8] {
        switch self {
        case .file(let file):
            await Task.yield()  // others have their turn
            guard let bytes = file.read(NodeLimits.fileSlice) else {
                throw CollectionFailure(.failedTarget, "\(source) cannot be read any further")
            }
            return bytes
        case .body(let body):
            do throws(FetchError) {
                return try await body.next()
            } catch {
                throw CollectionFailure(Visitor.blame(error.kind), error.description)
            }
        }
    }

    nonisolated(nonsending) func close() async {
        if case .body(let body) = self { await body.close() }
    }
}

/// Which data set a bookmark speaks of, and how far it was read.
struct RowBookmark: Equatable {
    private static let version: UInt8 = 5
    private static let mostHeader = 8 * Limits.kibibyte

    var identity = ""
    var rows: UInt64 = 0
    /// Bytes before the next row; 0 where only reading from the start leads there.
    var offset: UInt64 = 0
    var header: [String] = []

    init() {}

    /// Nil for what this version did not write.
    init?(_ bytes: ArraySlice<UInt8>?) {
        guard var reader = BookmarkReader(bytes, version: Self.version), let identity = reader.string(),
            let rows = reader.number(), let offset = reader.number()
        else { return nil }
        (self.identity, self.rows, self.offset) = (identity, rows, offset)
        while let name = reader.string() { header.append(name) }
        guard reader.isAtEnd else { return nil }
    }

    var bytes: [UInt8] {
        var writer = BookmarkWriter(version: Self.version)
        let isLong = header.reduce(0) { $0 + $1.utf8.count + 8 } > Self.mostHeader
        writer.string(identity.prefix(utf8: 1_024))
        writer.number(rows)
        writer.number(isLong ? 0 : offset)
        if !isLong { header.forEach { writer.string($0) } }
        return writer.bytes
    }
}
