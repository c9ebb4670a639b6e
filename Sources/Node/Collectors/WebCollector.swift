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
        let location = try location()
        let bookmark = WebBookmark(assignment.bookmark)
        // Without the digest a 304 could not be told to anybody.
        let digest = bookmark.flatMap { tools.digest($0.mark) }
        let response = try await fetch(location, bookmark: digest == nil ? nil : bookmark)
        result.status = UInt32(clamping: response.status)
        if response.status == 304, let digest, let bookmark { return unchanged(digest, bookmark, response) }
        guard (200..<300).contains(response.status) else { throw refused(response) }
        guard !response.body.isEmpty else {
            throw CollectionFailure(.failedContent, "\(response.location) is empty", status: response.status)
        }
        return found(response)
    }

    private func location() throws(CollectionFailure) -> Location {
        do throws(FetchError) {
            return try Location(assignment.location)
        } catch {
            throw CollectionFailure(.failedTarget, error.description)
        }
    }

    // MARK: Fetching

    private nonisolated(nonsending) func fetch(
        _ location: Location, bookmark: WebBookmark?
    ) async throws(CollectionFailure) -> FetchResponse {
        var request = FetchRequest(
            location, userAgent: tools.userAgent, maxBytes: assignment.contentLimit, maxTime: NodeLimits.pageTime)
        if let etag = bookmark?.etag { request.headers.append(("If-None-Match", etag)) }
        if let modified = bookmark?.lastModified { request.headers.append(("If-Modified-Since", modified)) }
        let pass = HostGate.Pass(host: location.host, budget: assignment.budget)
        guard await tools.gate.enter(pass) else {
            throw CollectionFailure(.failedNode, "the collection was stopped while it waited for \(location.host)")
        }
        let outcome: Result<FetchResponse, FetchError>
        do throws(FetchError) {
            outcome = .success(try await tools.fetcher.fetch(request))
        } catch {
            outcome = .failure(error)
        }
        await tools.gate.leave(pass)
        switch outcome {
        case .success(let response): return response
        case .failure(let error): throw CollectionFailure(WebCollector.blame(error.kind), error.description)
        }
    }

    private static func blame(_ kind: FetchError.Kind) -> Proto.OutcomeKind {
        switch kind {
        case .contactMissing, .stopped: .failedNode
        case .tooLarge: .failedContent
        case .badLocation, .addressRefused, .nameNotResolved, .notConnected, .timedOut, .tooManyRedirects, .tls,
            .brokenAnswer:
            .failedTarget
        }
    }

    private func refused(_ response: FetchResponse) -> CollectionFailure {
        let wait = RetryAfter.span(response.headers["retry-after"], now: tools.time.wall())
        let words = wait == .zero ? "" : ", to be tried again after \(wait.milliseconds / 1_000) s"
        return CollectionFailure(
            .failedTarget, "\(response.location) answered \(response.status)\(words)", status: response.status,
            retryAfter: wait)
    }

    // MARK: What was found

    private func unchanged(_ digest: [UInt8], _ bookmark: WebBookmark, _ response: FetchResponse) -> [CollectedItem] {
        let source = response.location.description.prefix(utf8: Limits.maxRawSource)
        return [
            .unchanged(
                Proto.Unchanged(digest: digest[...], rawSource: source, signals: WebPage.signals(of: response)),
                mark: bookmark.mark),
            .bookmark(bookmark.bytes),
        ]
    }

    private func found(_ response: FetchResponse) -> [CollectedItem] {
        let bookmark = WebBookmark(
            mark: tools.mark(), etag: response.headers["etag"], lastModified: response.headers["last-modified"])
        let page = WebPage(response)
        var artifact = assignment.artifact(
            kind: page.kind, content: page.content, from: response.location.description, at: tools.time.wall())
        for (key, value) in page.metadata { artifact.metadata[key] = value }
        artifact.signals = page.signals
        return [.artifact(artifact, mark: bookmark.hasValidators ? bookmark.mark : nil), .bookmark(bookmark.bytes)]
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
