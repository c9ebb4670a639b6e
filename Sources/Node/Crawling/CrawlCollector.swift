import Fetching
import Model
import Wire

/// A site from a start page: its pages one after another, or, of documentation, their sections and code.
final class CrawlCollector: Collector {
    private enum Stage {
        case unopened  // to visiting, with the first step
        case visiting  // to ended, when no page is left
        case ended  // to done, with the bookmark
        case done
    }

    private let assignment: Proto.Assignment
    private let tools: CollectorTools
    private let isDocumentation: Bool
    private let cut: CrawlBookmark?
    private let seen: SeenItems?
    private let mark: UInt64
    private var stage = Stage.unopened
    private var frontier: Frontier?
    private var keepsRaw = false
    private var sitemaps: [String] = []
    private var sitemapsLeft = 0
    private var hashes: [UInt64] = []
    private var found = 0
    private var failed = 0
    private var firstTrouble = ""
    private(set) var result = CollectionResult(.collected)

    private var task: UInt64 = 0
    private var noted = (visited: 0, at: Instant.zero)

    private static let mostHashes = 10_000
    private static let pagesBetweenNotes = 50
    private static let timeBetweenNotes = Span.seconds(5)
    private static let mostSitemaps = 16

    init(_ assignment: Proto.Assignment, _ tools: CollectorTools, isDocumentation: Bool) {
        self.assignment = assignment
        self.tools = tools
        self.isDocumentation = isDocumentation
        cut = CrawlBookmark(assignment.bookmark)
        seen = cut?.seen ?? SeenItems(assignment.bookmark)
        mark = cut?.seen.mark ?? tools.mark()
    }

    nonisolated(nonsending) func next() async throws(CollectionFailure) -> [CollectedItem]? {
        switch stage {
        case .unopened:
            try await open()
            stage = .visiting
            return []
        case .visiting:
            if sitemapsLeft > 0, let sitemap = sitemaps.popLast() {
                sitemapsLeft -= 1
                await readSitemap(sitemap)
                return []
            }
            guard let place = frontier?.take() else {
                stage = .ended
                return []
            }
            return try await visit(place) + note()
        case .ended:
            stage = .done
            if failed > 0 { result.error = "\(failed) pages were not collected; the first: \(firstTrouble)" }
            return ending()
        case .done: return nil
        }
    }

    private nonisolated(nonsending) func open() async throws(CollectionFailure) {
        let options = Options(assignment)
        var limits = Frontier.Limits()
        limits.depth = try options.number("depth", in: 0...100, otherwise: isDocumentation ? 5 : 2)
        limits.pages = try options.number("pages", in: 1...100_000, otherwise: isDocumentation ? 500 : 100)
        limits.hosts = try options.number("hosts", in: 1...100, otherwise: 1)
        keepsRaw = try options.flag("raw")
        let start = try Location(collecting: assignment.location)
        // Documentation is what lies beside its start page, or below it.
        let folder = start.pathAndQuery.prefix { $0 != "?" }.lastIndex(of: "/").map { start.pathAndQuery[...$0] }
        limits.under = options["under"] ?? (isDocumentation ? String(folder ?? "/") : "")
        task = SeenItems.hash([start.description, "\(limits)"])
        noted.at = tools.time.now()
        let rules = try await tools.visitor.permission(start)
        if let cut, cut.task == task {
            frontier = Frontier(start: start, limits, after: cut.frontier)
            found = Int(clamping: cut.found)
            noted.visited = cut.frontier.visited
            return
        }
        frontier = Frontier(start: start, limits)
        if options["sitemap"] == "no" { return }
        sitemaps = rules.sitemaps.isEmpty ? [start.origin + "/sitemap.xml"] : rules.sitemaps.reversed()
        sitemapsLeft = limits.depth > 0 ? CrawlCollector.mostSitemaps : 0
    }

    // MARK: Visiting

    private func request(_ location: Location, _ limit: Int) -> FetchRequest {
        FetchRequest(location, userAgent: tools.visitor.userAgent, maxBytes: limit, maxTime: NodeLimits.pageTime)
    }

    /// A sitemap that cannot be read is none.
    private nonisolated(nonsending) func readSitemap(_ address: String) async {
        guard let location = try? Location(address) else { return }
        let request = request(location, NodeLimits.documentBytes)
        guard
            let visit = try? await tools.visitor.visit(
                request, home: assignment.budget, obeysRobots: true, &result),
            visit.response.status == 200
        else { return }
        let sitemap = await tools.extraction.sitemap(visit)
        sitemaps += sitemap.sitemaps.reversed()
        frontier?.add(sitemap.pages.lazy.compactMap { Location($0, on: location) }, depth: 1)
    }

    private nonisolated(nonsending) func visit(_ place: Frontier.Place) async throws(CollectionFailure)
        -> [CollectedItem]
    {
        let isStart = place.depth == 0
        let visit: Visit
        do throws(CollectionFailure) {
            visit = try await tools.visitor.visit(
                request(place.location, assignment.contentLimit), home: assignment.budget, obeysRobots: true, &result)
            if isStart { result.status = UInt32(clamping: visit.response.status) }
            try visit.response.checkUsable(tools.time.wall(), &result)
        } catch {
            if isStart || error.result.kind == .failedNode { throw error }
            failed += 1
            if firstTrouble.isEmpty { firstTrouble = error.result.error }
            return []
        }
        let crawled = await tools.extraction.crawled(visit, sections: isDocumentation)
        let isNew = frontier?.visited(
            place, at: visit.response.location, canonical: crawled.canonical, links: crawled.links)
        guard isNew == true, let page = crawled.page else { return [] }
        return items(page, crawled.sections, visit.response)
    }

    // MARK: What is found

    private func items(_ page: WebPage, _ sections: Sections?, _ response: FetchResponse) -> [CollectedItem] {
        let source = response.location.description
        var artifacts: [Proto.Artifact] = []
        if let sections, !sections.sections.isEmpty {
            for section in sections.sections {
                let text = [section.path.joined(separator: " > "), section.text].filter { !$0.isEmpty }
                artifacts.append(
                    artifact(
                        .text, Array(text.joined(separator: "\n\n").utf8), page, source, section.anchor, section.path))
            }
            for code in sections.code {
                var artifact = artifact(.code, Array(code.text.utf8), page, source, code.anchor, code.path)
                if !code.language.isEmpty { artifact.metadata["code_language"] = code.language }
                artifacts.append(artifact)
            }
        } else if page.text.isEmpty {
            artifacts.append(artifact(page.kind, page.content, page, source, "", []))
        } else {
            artifacts.append(artifact(.text, page.text, page, source, "", []))
        }
        if keepsRaw, !page.text.isEmpty { artifacts.append(artifact(page.kind, page.content, page, source, "", [])) }
        return artifacts.compactMap { artifact in
            let hash = SeenItems.hash([artifact.rawSource, String(decoding: artifact.content, as: UTF8.self)])
            if hashes.count < CrawlCollector.mostHashes { hashes.append(hash) }
            guard seen?.holds(hash) != true else { return nil }
            found += 1
            return .artifact(artifact, mark: mark)
        }
    }

    private func artifact(
        _ kind: ContentKind, _ content: [UInt8], _ page: WebPage, _ source: String, _ anchor: String, _ path: [String]
    ) -> Proto.Artifact {
        var artifact = assignment.artifact(
            kind: kind, content: content, from: anchor.isEmpty ? source : "\(source)#\(anchor)", at: tools.time.wall())
        for (key, value) in page.metadata { artifact.metadata[key] = value }
        artifact.metadata["source_type"] = isDocumentation ? "documentation" : "crawl"
        artifact.metadata["start"] = assignment.location.prefix(utf8: 1_024)
        if !path.isEmpty { artifact.metadata["section"] = path.joined(separator: " > ").prefix(utf8: 1_024) }
        artifact.signals = page.signals
        return artifact
    }

    /// From time to time, where to go on if this collection is cut.
    private func note() -> [CollectedItem] {
        let now = tools.time.now()
        guard let frontier, !frontier.isExhausted,
            frontier.visited - noted.visited >= CrawlCollector.pagesBetweenNotes
                || now.since(noted.at) >= CrawlCollector.timeBetweenNotes
        else { return [] }
        noted = (frontier.visited, now)
        return [.bookmark(CrawlBookmark(task: task, found: found, seen: seenByNow, frontier: frontier.rest).bytes)]
    }

    private var seenByNow: SeenItems {
        let kept = found > 0 ? mark : seen?.mark ?? mark
        return (seen ?? SeenItems(mark: kept)).after(hashes, mark: kept, validators: nil)
    }

    private func ending() -> [CollectedItem] {
        let next = seenByNow
        guard found == 0, let seen, let digest = tools.digest(seen.mark) else { return [.bookmark(next.bytes)] }
        let source = assignment.location.prefix(utf8: Limits.maxRawSource)
        return [
            .unchanged(Proto.Unchanged(digest: digest[...], rawSource: source), mark: seen.mark), .bookmark(next.bytes),
        ]
    }
}
