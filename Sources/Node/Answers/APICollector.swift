import Fetching
import Model
import Telemetry
import Wire

/// JSON over HTTP: page after page, one artifact for each item that is new or has changed.
final class APICollector: Collector {
    private enum Stage {
        case unopened  // to asking, with the first step
        case asking(String)  // to asking the next page, or to ended
        case ended  // to done, with the bookmark
        case done
    }

    private let assignment: Proto.Assignment
    private let tools: CollectorTools
    private let options: Options
    private let seen: SeenItems?
    private let mark: UInt64
    private var stage = Stage.unopened
    private var paging: Paging?
    private var pagesLeft = 0
    private var hashes: [UInt64] = []
    private var found = 0
    private(set) var result = CollectionResult(.collected)

    private static let mostHashes = 100_000
    private static let ownHeaders: Set<String> = [
        "authorization", "cookie", "host", "content-length", "transfer-encoding", "proxy-authorization", "user-agent",
        "connection", "accept-encoding",
    ]

    init(_ assignment: Proto.Assignment, _ tools: CollectorTools) {
        self.assignment = assignment
        self.tools = tools
        options = Options(assignment)
        seen = SeenItems(assignment.bookmark)
        mark = tools.mark()
    }

    nonisolated(nonsending) func next() async throws(CollectionFailure) -> [CollectedItem]? {
        switch stage {
        case .unopened:
            let paging = try Paging(options)
            self.paging = paging
            pagesLeft = try options.number("pages", in: 1...10_000, otherwise: 100)
            stage = .asking(paging.first(assignment.location))
            return []
        case .asking(let location): return try await page(try Location(collecting: location))
        case .ended:
            stage = .done
            return ending()
        case .done: return nil
        }
    }

    // MARK: Asking

    private nonisolated(nonsending) func page(_ location: Location) async throws(CollectionFailure) -> [CollectedItem] {
        var request = FetchRequest(
            location, userAgent: tools.visitor.userAgent, maxBytes: NodeLimits.documentBytes,
            maxTime: NodeLimits.pageTime)
        request.headers = try headers(for: location)
        let visit = try await tools.visitor.visit(request, home: assignment.budget, obeysRobots: false, &result)
        result.status = UInt32(clamping: visit.response.status)
        try visit.response.checkUsable(tools.time.wall(), &result)
        guard let answer = await tools.extraction.json(visit.response.body) else {
            throw CollectionFailure(
                .failedContent, "\(visit.response.location) answered no JSON", status: visit.response.status)
        }
        let items = try items(of: answer)
        pagesLeft -= 1
        let link = visit.response.headers.all("link")
        let next = paging?.next(after: location.description, answer, link: link, items: items.count)
        if let next, pagesLeft > 0, let there = Location(next, on: visit.response.location), there != location {
            stage = .asking(there.description)
        } else {
            stage = .ended
        }
        var collected: [CollectedItem] = []
        for item in items { if let item = try self.item(item, visit) { collected.append(item) } }
        return collected
    }

    private func headers(for location: Location) throws(CollectionFailure) -> [(name: String, value: String)] {
        var headers = [(name: "Accept", value: "application/json")]
        for (name, value) in options.all(under: "header.") {
            let isPlain = (name + value).utf8.allSatisfy { $0 >= 32 && $0 != 127 } && !name.contains(":")
            guard isPlain, !APICollector.ownHeaders.contains(name.lowercased()) else {
                throw Options.refusal("header.\(name)", value, "a header that is no secret's and not the client's own")
            }
            headers.append((name, value))
        }
        if let name = options["secret"] { headers.append(try tools.settings.secret(name, for: location)) }
        return headers
    }

    // MARK: What is found

    private func items(of answer: JSONValue) throws(CollectionFailure) -> [JSONValue] {
        let path = options["items"] ?? ""
        guard let place = answer.at(path) else {
            throw CollectionFailure(.failedContent, "the answer has nothing at collect.items \"\(path)\"")
        }
        return place.array ?? [place]
    }

    private func item(_ item: JSONValue, _ visit: Visit) throws(CollectionFailure) -> CollectedItem? {
        let content = item.encoded
        guard content.count <= assignment.contentLimit else {
            throw CollectionFailure(
                .failedContent, "an item has \(content.count) bytes; raise max_bytes of \(assignment.contentLimit)")
        }
        let id = options["id"].flatMap { item.at($0)?.scalar }
        let hash = SeenItems.hash([id ?? "", String(decoding: content, as: UTF8.self)])
        if hashes.count < APICollector.mostHashes { hashes.append(hash) }
        guard seen?.holds(hash) != true else { return nil }
        found += 1
        let source = visit.response.location.description
        var artifact = assignment.artifact(
            kind: .json, content: content, from: id.map { "\(assignment.location)#\($0)" } ?? source,
            at: tools.time.wall())
        let values: [(String, String?)] = [
            ("domain", visit.response.location.host), ("source_type", "api"), ("collection_method", "http_get"),
            ("item_id", id), ("title", options["title"].flatMap { item.at($0)?.scalar }), ("page", source),
        ]
        for case (let key, let value?) in values where !value.isEmpty {
            artifact.metadata[key] = value.prefix(utf8: 1_024)
        }
        artifact.signals = WebPage.signals(visit.response.headers, nil, nil)
        return .artifact(artifact, mark: mark)
    }

    private func ending() -> [CollectedItem] {
        let digest = seen.flatMap { tools.digest($0.mark) }
        let kept = found > 0 ? mark : seen?.mark ?? mark
        let next = (seen ?? SeenItems(mark: kept)).after(hashes, mark: kept, validators: nil)
        guard found == 0, let digest, let seen else { return [.bookmark(next.bytes)] }
        let source = assignment.location.prefix(utf8: Limits.maxRawSource)
        return [
            .unchanged(Proto.Unchanged(digest: digest[...], rawSource: source), mark: seen.mark), .bookmark(next.bytes),
        ]
    }
}
