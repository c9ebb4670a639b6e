import Compression
import Fetching
import Lifecycle
import Markup
import Model
import Telemetry

/// Reads documents on a thread of its own, so that a large one holds up neither leases nor sockets.
actor Extraction {
    nonisolated let thread: WorkerThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(name: String = "node-extract") throws(ThreadError) { thread = try WorkerThread(name: name) }

    func page(_ visit: Visit) -> WebPage { WebPage(visit.response, robots: visit.robots) }

    /// Nil when it is no feed.
    func feed(_ visit: Visit) -> FeedDocument? {
        let type = MediaType(visit.response.headers["content-type"] ?? "")
        return XMLElement(document: visit.response.body, charset: type.charset).flatMap { FeedDocument($0) }
    }

    /// Nil when it is no JSON.
    func json(_ bytes: [UInt8]) -> JSONValue? { JSONValue(bytes) }

    func sitemap(_ visit: Visit) -> Sitemap {
        // A packed one is told by its first bytes.
        guard visit.response.body.starts(with: [0x1F, 0x8B]) else { return Sitemap(visit.response.body) }
        let decoder = StreamDecoder()
        decoder.feed(visit.response.body)
        return Sitemap((try? decoder.take(NodeLimits.documentBytes, atEnd: true)) ?? [])
    }

    struct Crawled: Sendable {
        var page: WebPage?
        var sections: Sections?
        var canonical: Location?
        var links: [Location] = []
    }

    /// A page with where it leads, unless it asks that nobody follows.
    func crawled(_ visit: Visit, sections: Bool) -> Crawled {
        let page = WebPage(visit.response, robots: visit.robots)
        var crawled = Crawled(page: page)
        guard let html = page.html else { return crawled }
        let location = visit.response.location
        let base = html.base.flatMap { Location($0, on: location) } ?? location
        crawled.canonical = html.canonical.flatMap { Location($0, on: base) }
        if sections { crawled.sections = Sections(html) }
        let said = [
            html.metas["robots"], html.metas[RobotsBook.productToken], visit.response.headers.all("x-robots-tag"),
        ]
        let words = said.compactMap { $0?.lowercased() }.joined(separator: ",").split { !$0.isLetter }
        guard !words.contains("nofollow"), !words.contains("none") else { return crawled }
        crawled.links = html.links.filter { !$0.isNofollow }.compactMap { Location($0.reference.trimmed, on: base) }
        return crawled
    }

    /// Must not be called on its own thread.
    nonisolated func close() { thread.stop() }
}
