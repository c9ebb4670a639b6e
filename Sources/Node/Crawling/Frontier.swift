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

    /// What is left of a crawl that was cut.
    struct Rest: Equatable, Sendable {
        var visited: Int
        /// Of the addresses that were visited, in order.
        var hashes: [UInt64]
        var waiting: [Place]
    }

    private static let mostWaiting = 20_000

    private let limits: Limits
    private var waiting: [Place] = []
    private var next = 0
    private var seen: Set<UInt64> = []
    /// Hashes of what was visited, under each of its addresses.
    private var left: [UInt64] = []
    private var hosts: Set<String> = []
    private(set) var visited = 0

    init(start: Location, _ limits: Limits) {
        self.limits = limits
        hosts = [start.host]
        seen = [Frontier.hash(start)]
        waiting = [Place(location: start, depth: 0)]
    }

    /// Goes on where another was cut.
    init(start: Location, _ limits: Limits, after rest: Rest) {
        self.init(start: start, limits)
        (waiting, visited, left) = ([], rest.visited, rest.hashes)
        seen.formUnion(rest.hashes)
        for place in rest.waiting { add([place.location], depth: place.depth) }
    }

    var isExhausted: Bool { visited >= limits.pages || next >= waiting.count }

    /// No more pages than may still be visited.
    var rest: Rest {
        Rest(visited: visited, hashes: left, waiting: Array(waiting[next...].prefix(max(0, limits.pages - visited))))
    }

    private static func hash(_ location: Location) -> UInt64 { SeenItems.hash([location.description]) }

    /// The next page to visit; nil when there is none, or enough were.
    mutating func take() -> Place? {
        guard !isExhausted else { return nil }
        defer {
            next += 1
            visited += 1
        }
        left.append(Frontier.hash(waiting[next].location))
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
            let hash = Frontier.hash(other)
            if seen.insert(hash).inserted { left.append(hash) } else { isNew = false }
        }
        guard isNew else { return false }
        if place.depth < limits.depth { add(links, depth: place.depth + 1) }
        return true
    }

    mutating func add(_ locations: some Sequence<Location>, depth: Int) {
        for location in locations where waiting.count - next < Frontier.mostWaiting {
            guard location.pathAndQuery.hasPrefix(limits.under), admits(location.host),
                seen.insert(Frontier.hash(location)).inserted
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
