import Fetching
import Model
import Transport

/// The robots.txt of each origin, fetched once and kept for a while.
actor RobotsBook {
    enum Verdict: Sendable, Equatable {
        /// What the file says; nothing where there is none.
        case rules(RobotsRules)
        /// It could not be had: everything is forbidden until it can.
        case unreachable(String)
        /// Its origin could not be reached at all, for this reason.
        case failed(FetchError)
    }

    private struct Entry {
        var verdict: Verdict
        var until: Instant
        /// The rules that were there before it became unreachable may go on for so long.
        var since: Instant
    }

    static let productToken = "rookery"
    static let kept = Span.hours(24)
    static let keptAtLeast = Span.minutes(5)
    static let retried = Span.minutes(1)
    static let retriedSoon = Span.seconds(10)  // after no answer at all
    static let believed = Span.hours(24 * 30)  // rules, while the file cannot be had
    static let redirects = 5
    static let mostOrigins = 10_000
    static let maxTime = Span.seconds(30)

    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    private let fetcher: Fetcher
    private let userAgent: String
    private let time: any TimeSource
    private var entries: [String: Entry] = [:]
    private var underWay: [String: Task<Entry, Never>] = [:]

    init(_ fetcher: Fetcher, userAgent: String, time: any TimeSource) {
        loop = fetcher.loop
        self.fetcher = fetcher
        self.userAgent = userAgent
        self.time = time
    }

    var count: Int { entries.count }

    func verdict(for location: Location) async -> Verdict {
        let origin = location.origin
        if let entry = entries[origin], entry.until > time.now() { return entry.verdict }
        if let task = underWay[origin] { return await task.value.verdict }
        let before = entries[origin]
        let task = Task { await load(origin, before) }
        underWay[origin] = task
        let entry = await task.value
        underWay[origin] = nil
        if entries.count >= RobotsBook.mostOrigins, entries[origin] == nil { makeRoom() }
        entries[origin] = entry
        return entry.verdict
    }

    /// Must be called before the loop stops.
    func close() { for task in underWay.values { task.cancel() } }

    private func makeRoom() {
        let now = time.now()
        entries = entries.filter { $0.value.until > now }
        while entries.count >= RobotsBook.mostOrigins, let oldest = entries.min(by: { $0.value.until < $1.value.until })
        {
            entries[oldest.key] = nil
        }
    }

    private func load(_ origin: String, _ before: Entry?) async -> Entry {
        do throws(FetchError) {
            var request = FetchRequest(
                try Location(origin + "/robots.txt"), userAgent: userAgent, maxBytes: RobotsRules.mostBytes,
                maxTime: RobotsBook.maxTime)
            request.maxRedirects = RobotsBook.redirects
            request.cutsLongBodies = true
            return judge(try await fetcher.fetch(request), before)
        } catch {
            // A chain of redirects without an end is a file that is not there.
            if error.kind == .tooManyRedirects { return entry(.rules(.none), RobotsBook.kept) }
            return unreachable(.failed(error), RobotsBook.retriedSoon, before)
        }
    }

    private func judge(_ response: FetchResponse, _ before: Entry?) -> Entry {
        switch response.status {
        case 200..<300:
            let rules = RobotsRules(response.body, agent: RobotsBook.productToken)
            return entry(.rules(rules), RobotsBook.keptFor(response.headers["cache-control"]))
        case 429, 500...:
            let words = "\(response.location) answered \(response.status)"
            return unreachable(.unreachable(words), RobotsBook.retried, before)
        default: return entry(.rules(.none), RobotsBook.kept)
        }
    }

    private func unreachable(_ verdict: Verdict, _ span: Span, _ before: Entry?) -> Entry {
        let now = time.now()
        if let before, case .rules = before.verdict, now.since(before.since) < RobotsBook.believed {
            return Entry(verdict: before.verdict, until: now + RobotsBook.retried, since: before.since)
        }
        return entry(verdict, span)
    }

    private func entry(_ verdict: Verdict, _ span: Span) -> Entry {
        let now = time.now()
        return Entry(verdict: verdict, until: now + span, since: now)
    }

    /// As the server asks, within reason.
    static func keptFor(_ cacheControl: String?) -> Span {
        guard let cacheControl else { return kept }
        for part in cacheControl.lowercased().split(separator: ",") {
            let words = part.split(separator: "=").map { $0.filter { $0 != " " && $0 != "\"" } }
            if words.first == "no-store" || words.first == "no-cache" { return keptAtLeast }
            if words.first == "max-age", words.count == 2, let seconds = UInt64(words[1]) {
                return max(keptAtLeast, min(kept, .seconds(min(seconds, 1 << 32))))
            }
        }
        return kept
    }
}
