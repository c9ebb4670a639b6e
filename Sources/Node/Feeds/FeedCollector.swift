import Fetching
import Model
import Wire

/// A feed: one artifact for each entry that is new or has changed.
final class FeedCollector: Collector {
    private let assignment: Proto.Assignment
    private let tools: CollectorTools
    private var waiting: [CollectedItem]?
    private(set) var result = CollectionResult(.collected)

    init(_ assignment: Proto.Assignment, _ tools: CollectorTools) {
        self.assignment = assignment
        self.tools = tools
    }

    nonisolated(nonsending) func next() async throws(CollectionFailure) -> [CollectedItem]? {
        if waiting == nil { waiting = try await collect().reversed() }
        guard var rest = waiting, !rest.isEmpty else { return nil }
        var step: [CollectedItem] = []
        var bytes = 0
        while let item = rest.popLast() {
            step.append(item)
            if case .artifact(let artifact, _) = item { bytes += artifact.content.count }
            if step.count >= NodeLimits.entriesAtOnce || bytes >= NodeLimits.stepBytes { break }
        }
        waiting = rest
        return step
    }

    private nonisolated(nonsending) func collect() async throws(CollectionFailure) -> [CollectedItem] {
        let location = try Location(collecting: assignment.location)
        let seen = SeenItems(assignment.bookmark)
        let digest = seen.flatMap { tools.digest($0.mark) }
        var request = FetchRequest(
            location, userAgent: tools.visitor.userAgent, maxBytes: NodeLimits.documentBytes,
            maxTime: NodeLimits.pageTime)
        if digest != nil { request.headers = seen?.validators?.validators ?? [] }
        let visit = try await tools.visitor.visit(request, home: assignment.budget, obeysRobots: true, &result)
        result.status = UInt32(clamping: visit.response.status)
        if visit.response.status == 304, let digest, let seen { return unchanged(seen, digest, visit) }
        try visit.response.checkUsable(tools.time.wall(), &result)
        guard let feed = await tools.extraction.feed(visit) else {
            throw CollectionFailure(
                .failedContent, "\(visit.response.location) is neither RSS nor Atom", status: visit.response.status)
        }
        return found(feed, visit, seen, digest)
    }

    private func unchanged(_ seen: SeenItems, _ digest: [UInt8], _ visit: Visit) -> [CollectedItem] {
        let source = visit.response.location.description.prefix(utf8: Limits.maxRawSource)
        return [
            .unchanged(Proto.Unchanged(digest: digest[...], rawSource: source), mark: seen.mark),
            .bookmark(seen.bytes),
        ]
    }

    private func found(
        _ feed: FeedDocument, _ visit: Visit, _ seen: SeenItems?, _ digest: [UInt8]?
    ) -> [CollectedItem] {
        let hashes = feed.entries.map(FeedCollector.hash)
        let new = zip(feed.entries, hashes).filter { seen?.holds($0.1) != true }
        let web = WebBookmark(mark: 0, headers: visit.response.headers)
        let validators = web.hasValidators ? web : nil
        guard !new.isEmpty else {
            let next = (seen ?? SeenItems(mark: tools.mark())).after(
                hashes, mark: seen?.mark ?? tools.mark(), validators: validators)
            guard let digest else { return [.bookmark(next.bytes)] }
            return unchanged(next, digest, visit)
        }
        let mark = tools.mark()
        let next = (seen ?? SeenItems(mark: mark)).after(hashes, mark: mark, validators: validators)
        let artifacts = new.compactMap { artifact(of: $0.0, feed, visit) }
        return artifacts.map { .artifact($0, mark: mark) } + [.bookmark(next.bytes)]
    }

    private static func hash(_ entry: FeedDocument.Entry) -> UInt64 {
        SeenItems.hash([entry.id, entry.title, entry.text, entry.updated ?? ""])
    }

    /// Nil for an entry that says nothing.
    private func artifact(of entry: FeedDocument.Entry, _ feed: FeedDocument, _ visit: Visit) -> Proto.Artifact? {
        let text = [entry.title, entry.text].filter { !$0.isEmpty }.joined(separator: "\n\n")
        guard !text.isEmpty else { return nil }
        let base = visit.response.location
        let link = entry.link.flatMap { Location($0, on: base) }
        var artifact = assignment.artifact(
            kind: .text, content: Array(text.prefix(utf8: assignment.contentLimit).utf8),
            from: link?.description ?? "\(base)#\(entry.id)", at: tools.time.wall())
        let dates = [entry.published, entry.updated].map { date in
            date.map { DateText.time($0).map(DateText.text) ?? $0 }
        }
        let values: [(String, String?)] = [
            ("domain", (link ?? base).host), ("source_type", "feed"), ("collection_method", "feed_entry"),
            ("feed", base.description), ("feed_title", feed.title), ("entry_id", entry.id), ("title", entry.title),
            ("published", dates[0]), ("updated", dates[1]), ("author", entry.author),
            ("categories", entry.categories.joined(separator: ", ")), ("language", feed.language?.lowercased()),
        ]
        for case (let key, let value?) in values where !value.isEmpty {
            artifact.metadata[key] = value.prefix(utf8: key.hasSuffix("title") ? 256 : 1_024)
        }
        artifact.signals = WebPage.signals(visit.response.headers, nil, visit.robots)
        return artifact
    }
}
