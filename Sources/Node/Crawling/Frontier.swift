import Fetching

/// Which pages of a site a crawl visits, and in which order: breadth first, each once, within its limits. Pure.
struct Frontier {
    struct Limits: Equatable, Sendable {
        var depth = 2
        var pages = 100
        var hosts = 1
        /// Paths that begin so, all of them where it is empty.
        var under = ""
    }

    struct Place: Equatable, Sendable {
        let location: Location
        let depth: Int
    }

    private static let mostWaiting = 20_000

    private let limits: Limits
    private var waiting: [Place] = []
    private var next = 0
    private var seen: Set<String> = []
    private var hosts: Set<String> = []
    private(set) var visited = 0

    init(start: Location, _ limits: Limits) {
        self.limits = limits
        hosts = [start.host]
        seen = [start.description]
        waiting = [Place(location: start, depth: 0)]
    }

    /// The next page to visit; nil when there is none, or enough were.
    mutating func take() -> Place? {
        guard visited < limits.pages, next < waiting.count else { return nil }
        defer {
            next += 1
            visited += 1
        }
        return waiting[next]
    }

    /// What a page leads to. True when the page is one that was not visited under another address.
    mutating func visited(
        _ place: Place, at location: Location, canonical: Location?, links: some Sequence<Location>
    ) -> Bool {
        var isNew = true
        // A redirect and a canonical address both say that the page is another one.
        for other in [location, canonical].compactMap({ $0 })
        where other != place.location && hosts.contains(other.host) {
            if !seen.insert(other.description).inserted { isNew = false }
        }
        guard isNew else { return false }
        if place.depth < limits.depth { add(links, depth: place.depth + 1) }
        return true
    }

    mutating func add(_ locations: some Sequence<Location>, depth: Int) {
        for location in locations where waiting.count - next < Frontier.mostWaiting {
            guard location.pathAndQuery.hasPrefix(limits.under), admits(location.host),
                seen.insert(location.description).inserted
            else { continue }
            waiting.append(Place(location: location, depth: depth))
        }
    }

    private mutating func admits(_ host: String) -> Bool {
        if hosts.contains(host) { return true }
        guard hosts.count < limits.hosts else { return false }
        hosts.insert(host)
        return true
    }
}
