import Compression
import Fetching
import Model
import Telemetry
import Wire

/// JSONL, CSV or TSV, also packed, from a file or over HTTP: one artifact a row, from where the bookmark says on.
final class DatasetCollector: Collector {
    private enum Stage {
        case unopened  // to reading, with the first step
        case reading(RowSource)  // to ended, at the end of the data or of the rows wanted
        case ended  // to done, with the bookmark
        case done
    }

    private let assignment: Proto.Assignment
    private let tools: CollectorTools
    private let options: Options
    private var stage = Stage.unopened
    private let decoder = StreamDecoder()
    private var reader: RowReader
    private var bookmark: RowBookmark
    private var start: UInt64 = 0  // bytes before the first that is read
    private var skip: UInt64 = 0  // rows before the first that is wanted
    private var row: UInt64 = 0
    private var left = 0
    private var found = 0
    private var unusable = 0
    private var firstTrouble = ""
    private var noted = (rows: UInt64(0), at: Instant.zero)
    private static let rowsBetweenNotes: UInt64 = 5_000
    private static let timeBetweenNotes = Span.seconds(5)
    private(set) var result = CollectionResult(.collected)

    init(_ assignment: Proto.Assignment, _ tools: CollectorTools) {
        self.assignment = assignment
        self.tools = tools
        options = Options(assignment)
        bookmark = RowBookmark(assignment.bookmark) ?? RowBookmark()
        reader = RowReader(.jsonl, limit: assignment.contentLimit)
    }

    nonisolated(nonsending) func next() async throws(CollectionFailure) -> [CollectedItem]? {
        switch stage {
        case .unopened:
            try await open()
            return []
        case .reading(let source): return try await read(source)
        case .ended:
            stage = .done
            if unusable > 0 {
                result.error = "\(unusable) rows were not usable; the first: \(firstTrouble)"
                if found == 0, bookmark.rows == UInt64(unusable) { result.kind = .failedContent }
            }
            return [.bookmark(bookmark.bytes)]
        case .done: return nil
        }
    }

    nonisolated(nonsending) func close() async { if case .reading(let source) = stage { await source.close() } }

    // MARK: Opening

    private nonisolated(nonsending) func open() async throws(CollectionFailure) {
        let form = try form()
        left = try options.number("rows", in: 1...10_000_000, otherwise: 100_000)
        let isRemote = assignment.location.hasPrefix("http://") || assignment.location.hasPrefix("https://")
        let (source, identity) = isRemote ? try await remote() : try local()
        if bookmark.identity != identity {
            bookmark = RowBookmark()
            bookmark.identity = identity
            start = 0
        }
        let header = bookmark.header.isEmpty || start == 0 ? nil : bookmark.header
        reader = RowReader(form, limit: assignment.contentLimit, header: header)
        skip = start == 0 ? bookmark.rows : 0
        row = start == 0 ? 0 : bookmark.rows
        noted = (bookmark.rows, tools.time.now())
        stage = .reading(source)
    }

    private func form() throws(CollectionFailure) -> RowReader.Form {
        if let name = options["format"] {
            if let form = RowReader.Form(rawValue: name) { return form }
            throw Options.refusal("format", name, "jsonl, csv or tsv")
        }
        let path = assignment.location.lowercased().prefix { $0 != "?" && $0 != "#" }
        let endings = path.split(separator: "/").last?.split(separator: ".").dropFirst().map(String.init) ?? []
        for ending in endings.reversed() {
            if let form = RowReader.Form(rawValue: ending == "ndjson" ? "jsonl" : ending) { return form }
        }
        throw CollectionFailure(
            .failedTarget, "the location does not tell its format; set collect.format to jsonl, csv or tsv")
    }

    private func local() throws(CollectionFailure) -> (RowSource, String) {
        let (directory, name) = try FileRoot.place(of: assignment.location, below: tools.roots)
        guard let name, let file = directory.openFile(name), let identity = file.identity, identity.isRegular else {
            throw CollectionFailure(.failedTarget, "\(assignment.location) is not a file that can be read")
        }
        // A file that has grown is the same one, longer.
        let text = "inode \(identity.inode)"
        if bookmark.identity == text, bookmark.offset > 0, bookmark.offset <= identity.size,
            file.seek(to: bookmark.offset)
        {
            start = bookmark.offset
        } else if bookmark.identity == text, bookmark.offset > identity.size {
            bookmark = RowBookmark()
        }
        return (.file(file), text)
    }

    private nonisolated(nonsending) func remote() async throws(CollectionFailure) -> (RowSource, String) {
        var request = FetchRequest(
            try Location(collecting: assignment.location), userAgent: tools.visitor.userAgent, maxBytes: .max,
            maxTime: .hours(24))
        if let name = options["secret"] {
            request.headers.append(try tools.settings.secret(name, for: request.location))
        }
        if bookmark.offset > 0, bookmark.identity.hasPrefix("\"") {
            request.headers += [("Range", "bytes=\(bookmark.offset)-"), ("If-Range", bookmark.identity)]
        }
        let body = try await tools.visitor.open(request, home: assignment.budget, &result)
        result.status = UInt32(clamping: body.status)
        // Everything was read before: the range begins at the end.
        if body.status == 416, bookmark.offset > 0 {
            await body.close()
            start = bookmark.offset
            return (.body(body), bookmark.identity)
        }
        guard body.status == 200 || body.status == 206 else {
            await body.close()
            let wait = RetryAfter.span(body.headers["retry-after"], now: tools.time.wall())
            throw CollectionFailure(
                .failedTarget, "\(assignment.location) answered \(body.status)", status: body.status, retryAfter: wait)
        }
        if body.status == 206 { start = bookmark.offset }
        let identity = body.headers["etag"] ?? body.headers["last-modified"] ?? ""
        return (.body(body), body.status == 206 ? bookmark.identity : identity)
    }

    // MARK: Reading

    /// Of a file several slices at once: each step costs a commit of the spool.
    private nonisolated(nonsending) func read(_ source: RowSource) async throws(CollectionFailure) -> [CollectedItem] {
        var items = try await slice(source)
        guard case .file = source else { return items + note() }
        for _ in 1..<NodeLimits.stepBytes / NodeLimits.fileSlice {
            guard case .reading = stage else { break }
            items += try await slice(source)
        }
        return items + note()
    }

    private nonisolated(nonsending) func slice(_ source: RowSource) async throws(CollectionFailure) -> [CollectedItem] {
        var items: [CollectedItem] = []
        var isAtEnd = false
        if decoder.isHungry {
            let bytes = try await source.next(assignment.location)
            isAtEnd = bytes.isEmpty
            decoder.feed(bytes)
        }
        var rows: [(row: RowReader.Row, end: Int)]
        do throws(StreamDecoder.Broken) {
            rows = reader.take(try decoder.take(NodeLimits.fileSlice, atEnd: isAtEnd))
        } catch {
            await source.close()
            throw CollectionFailure(.failedContent, "\(assignment.location): \(error.words)")
        }
        if isAtEnd { rows += reader.end() }
        for (found, end) in rows where left > 0 {
            row += 1
            guard row > skip else { continue }
            left -= 1
            bookmark.rows = row
            bookmark.offset = decoder.isPlain ? start + UInt64(end) : 0
            bookmark.header = reader.header ?? []
            if let artifact = artifact(found) { items.append(.artifact(artifact, mark: nil)) }
        }
        if left == 0 || isAtEnd {
            await source.close()
            stage = .ended
        }
        return items
    }

    /// From time to time, where to go on if this collection is cut.
    private func note() -> [CollectedItem] {
        let now = tools.time.now()
        guard case .reading = stage, bookmark.rows > noted.rows,
            bookmark.rows - noted.rows >= DatasetCollector.rowsBetweenNotes
                || now.since(noted.at) >= DatasetCollector.timeBetweenNotes
        else { return [] }
        noted = (bookmark.rows, now)
        return [.bookmark(bookmark.bytes)]
    }

    private func artifact(_ found: RowReader.Row) -> Proto.Artifact? {
        switch found {
        case .unusable(let words):
            unusable += 1
            if firstTrouble.isEmpty { firstTrouble = "row \(row): \(words)" }
            return nil
        case .value(let value, let written):
            let text = options["text"].map { value.at($0)?.scalar ?? "" }
            let content = text.map { Array($0.utf8) } ?? written
            guard !content.isEmpty, content.count <= assignment.contentLimit else {
                unusable += 1
                return nil
            }
            self.found += 1
            var artifact = assignment.artifact(
                kind: text == nil ? .json : .text, content: content, from: "\(assignment.location)#row=\(row)",
                at: tools.time.wall())
            let values: [(String, String?)] = [
                ("source_type", "dataset"), ("collection_method", "dataset_row"), ("row", "\(row)"),
                ("item_id", options["id"].flatMap { value.at($0)?.scalar }),
                ("title", options["title"].flatMap { value.at($0)?.scalar }),
            ]
            for case (let key, let value?) in values where !value.isEmpty {
                artifact.metadata[key] = value.prefix(utf8: 1_024)
            }
            return artifact
        }
    }
}
