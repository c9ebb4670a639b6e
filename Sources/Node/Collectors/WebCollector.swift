import Fetching
import Model
import Wire

/// One page by HTTP or HTTPS, fetched only if it has changed since its bookmark.
final class WebCollector: Collector {
    private let assignment: Proto.Assignment
    private let tools: CollectorTools
    private var isDone = false
    private(set) var result = CollectionResult(.collected)

    init(_ assignment: Proto.Assignment, _ tools: CollectorTools) {
        self.assignment = assignment
        self.tools = tools
    }

    nonisolated(nonsending) func next() async throws(CollectionFailure) -> [CollectedItem]? {
        guard !isDone else { return nil }
        isDone = true
        let keepsRaw = try Options(assignment).flag("raw")
        let location = try Location(collecting: assignment.location)
        let bookmark = WebBookmark(assignment.bookmark)
        // Without the digest a 304 could not be told to anybody.
        let digest = bookmark.flatMap { tools.digest($0.mark) }
        var request = FetchRequest(
            location, userAgent: tools.visitor.userAgent, maxBytes: assignment.contentLimit,
            maxTime: NodeLimits.pageTime)
        if digest != nil { request.headers = bookmark?.validators ?? [] }
        let visit = try await tools.visitor.visit(request, home: assignment.budget, obeysRobots: true, &result)
        let response = visit.response
        result.status = UInt32(clamping: response.status)
        if response.status == 304, let digest, let bookmark { return unchanged(digest, bookmark, visit) }
        try response.checkUsable(tools.time.wall(), &result)
        return found(visit, await tools.extraction.page(visit), keepsRaw: keepsRaw)
    }

    // MARK: What was found

    private func unchanged(_ digest: [UInt8], _ bookmark: WebBookmark, _ visit: Visit) -> [CollectedItem] {
        let source = visit.response.location.description.prefix(utf8: Limits.maxRawSource)
        return [
            .unchanged(
                Proto.Unchanged(
                    digest: digest[...], rawSource: source,
                    signals: WebPage.signals(visit.response.headers, nil, visit.robots)),
                mark: bookmark.mark),
            .bookmark(bookmark.bytes),
        ]
    }

    private func found(_ visit: Visit, _ page: WebPage, keepsRaw: Bool) -> [CollectedItem] {
        let response = visit.response
        let bookmark = WebBookmark(mark: tools.mark(), headers: response.headers)
        let mark = bookmark.hasValidators ? bookmark.mark : nil
        var items: [CollectedItem] = []
        let isRaw = page.text.isEmpty
        if isRaw || keepsRaw {
            let raw = artifact(page.kind, page.content, page, response)
            items.append(.artifact(raw, mark: isRaw ? mark : nil))
        }
        if !isRaw { items.append(.artifact(artifact(.text, page.text, page, response), mark: mark)) }
        return items + [.bookmark(bookmark.bytes)]
    }

    private func artifact(
        _ kind: ContentKind, _ content: [UInt8], _ page: WebPage, _ response: FetchResponse
    ) -> Proto.Artifact {
        var artifact = assignment.artifact(
            kind: kind, content: content, from: response.location.description, at: tools.time.wall())
        for (key, value) in page.metadata { artifact.metadata[key] = value }
        artifact.signals = page.signals
        return artifact
    }
}

extension Location {
    init(collecting text: String) throws(CollectionFailure) {
        do throws(FetchError) {
            self = try Location(text)
        } catch {
            throw CollectionFailure(.failedTarget, error.description)
        }
    }
}

extension FetchResponse {
    /// Throws unless it is a success with something to read.
    func checkUsable(_ now: WallTime, _ result: inout CollectionResult) throws(CollectionFailure) {
        var failure: CollectionFailure
        if !(200..<300).contains(status) {
            let wait = RetryAfter.span(headers["retry-after"], now: now)
            let words = wait == .zero ? "" : ", to be tried again after \(wait.milliseconds / 1_000) s"
            failure = CollectionFailure(
                .failedTarget, "\(location) answered \(status)\(words)", status: status, retryAfter: wait)
        } else if body.isEmpty {
            failure = CollectionFailure(.failedContent, "\(location) is empty", status: status)
        } else {
            return
        }
        failure.result.crawlDelay = result.crawlDelay
        failure.result.address = result.address
        throw failure
    }
}

/// What a page must show to be asked for only when it has changed.
struct WebBookmark: Equatable {
    private static let version: UInt8 = 1
    private static let maxValidator = 4 * Limits.kibibyte

    let mark: UInt64
    let etag: String?
    let lastModified: String?

    init(mark: UInt64, etag: String?, lastModified: String?) {
        // A control character would begin a header of its own when the validator is sent back.
        let fits = { (text: String?) in
            text.flatMap { text in
                let isPlain = text.utf8.allSatisfy { $0 >= 32 && $0 != 127 }
                return text.isEmpty || text.utf8.count > Self.maxValidator || !isPlain ? nil : text
            }
        }
        self.mark = mark
        self.etag = fits(etag)
        self.lastModified = fits(lastModified)
    }

    init(mark: UInt64, headers: FetchHeaders) {
        self.init(mark: mark, etag: headers["etag"], lastModified: headers["last-modified"])
    }

    /// The header lines that ask for the page only if it has changed.
    var validators: [(name: String, value: String)] {
        [("If-None-Match", etag), ("If-Modified-Since", lastModified)].compactMap { name, value in
            value.map { (name, $0) }
        }
    }

    /// Nil for what this version did not write.
    init?(_ bytes: ArraySlice<UInt8>?) {
        guard var reader = BookmarkReader(bytes, version: Self.version), let mark = reader.number(),
            let etag = reader.string(), let modified = reader.string(), reader.isAtEnd
        else { return nil }
        self.init(mark: mark, etag: etag, lastModified: modified)
        guard hasValidators else { return nil }
    }

    var hasValidators: Bool { etag != nil || lastModified != nil }

    var bytes: [UInt8] {
        var writer = BookmarkWriter(version: Self.version)
        writer.number(mark)
        writer.string(etag ?? "")
        writer.string(lastModified ?? "")
        return writer.bytes
    }
}
