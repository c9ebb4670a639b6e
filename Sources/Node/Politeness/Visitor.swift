import Fetching
import Model
import Transport
import Wire

/// What a visit brought.
struct Visit {
    var response: FetchResponse
    /// What the robots.txt of the last hop's origin says; nil where it was not asked.
    var robots: RobotsRules?
}

/// How collectors fetch: by the host's robots.txt and budget, one hop at a time, so that each host that a redirect
/// leads to is asked for its own.
struct Visitor {
    let fetcher: Fetcher
    let gate: HostGate
    let robots: RobotsBook
    let userAgent: String
    let time: any TimeSource
    /// The budget of a host other than the assignment's; nil when nobody could be asked.
    let budget: @Sendable (String) async -> Proto.HostBudget?

    private static let longestCrawlDelay = Span.minutes(10)
    private static let longestRest = Span.minutes(1)

    /// `home`: the assignment's own budget. `obeysRobots` is for what reads pages as a crawler does.
    nonisolated(nonsending) func visit(
        _ wanted: FetchRequest, home: Proto.HostBudget?, obeysRobots: Bool, _ result: inout CollectionResult
    ) async throws(CollectionFailure) -> Visit {
        var request = wanted
        let deadline = time.now() + wanted.maxTime
        for _ in 0...wanted.maxRedirects {
            let (response, rules) = try await hop(request, home, obeysRobots, &result)
            guard let next = response.redirect else { return Visit(response: response, robots: rules) }
            if next.origin != request.location.origin { request.headers = [] }  // secrets may be among them
            request.location = next
            request.maxTime = deadline.since(time.now())
            guard request.maxTime > .zero else {
                throw CollectionFailure(.failedTarget, "could not fetch \(wanted.location): its time ran out")
            }
        }
        throw CollectionFailure(
            .failedTarget, "could not fetch \(wanted.location): more than \(wanted.maxRedirects) redirects")
    }

    private nonisolated(nonsending) func hop(
        _ request: FetchRequest, _ home: Proto.HostBudget?, _ obeysRobots: Bool, _ result: inout CollectionResult
    ) async throws(CollectionFailure) -> (FetchResponse, RobotsRules?) {
        let location = request.location
        let rules = obeysRobots ? try await permission(location) : nil
        var pass = HostGate.Pass(
            host: location.host, budget: home?.host == location.host ? home : await budget(location.host))
        var crawlDelay = Span.zero
        if let seconds = rules?.crawlDelay {
            let delay = min(Visitor.longestCrawlDelay, .milliseconds(UInt64(min(seconds, 3_600) * 1_000)))
            result.crawlDelay = max(result.crawlDelay, delay)
            pass.delay = max(pass.delay, delay)
            crawlDelay = delay
            if delay > .zero { pass.concurrency = 1 }
        }
        guard await gate.enter(pass) else {
            throw CollectionFailure(.failedNode, "the collection was stopped while it waited for \(location.host)")
        }
        var single = request
        single.maxRedirects = 0
        single.returnsRedirects = true
        let outcome: Result<FetchResponse, FetchError>
        do throws(FetchError) {
            outcome = .success(try await fetcher.fetch(single))
        } catch {
            outcome = .failure(error)
        }
        if case .success(let response) = outcome, response.status == 429 || response.status == 503 {
            let asked = RetryAfter.span(response.headers["retry-after"], now: time.wall())
            await gate.rest(location.host, min(Visitor.longestRest, max(asked, .seconds(1))))
            result.note(location.host, status: response.status, retryAfter: asked)
        }
        await gate.leave(pass)
        switch outcome {
        case .success(let response):
            result.address = response.resolvedAddress
            result.note(location.host, crawlDelay: crawlDelay, address: response.resolvedAddress)
            return (response, rules)
        case .failure(let error): throw CollectionFailure(Visitor.blame(error.kind), error.description)
        }
    }

    /// A body too large to be held. Its host's budget bounds how many begin at a time, not how long they take.
    nonisolated(nonsending) func open(
        _ wanted: FetchRequest, home: Proto.HostBudget?, _ result: inout CollectionResult
    ) async throws(CollectionFailure) -> FetchedBody {
        var request = wanted
        for _ in 0...wanted.maxRedirects {
            let host = request.location.host
            let pass = HostGate.Pass(host: host, budget: home?.host == host ? home : await budget(host))
            guard await gate.enter(pass) else {
                throw CollectionFailure(.failedNode, "the collection was stopped while it waited for \(host)")
            }
            let outcome: Result<FetchedBody, FetchError>
            do throws(FetchError) {
                outcome = .success(try await fetcher.open(request))
            } catch {
                outcome = .failure(error)
            }
            await gate.leave(pass)
            switch outcome {
            case .failure(let error): throw CollectionFailure(Visitor.blame(error.kind), error.description)
            case .success(let body):
                result.address = body.resolvedAddress
                result.note(
                    host, status: body.status,
                    retryAfter: RetryAfter.span(body.headers["retry-after"], now: time.wall()),
                    address: body.resolvedAddress)
                guard let next = body.redirect else { return body }
                await body.close()
                if next.origin != request.location.origin { request.headers = [] }
                request.location = next
            }
        }
        throw CollectionFailure(
            .failedTarget, "could not fetch \(wanted.location): more than \(wanted.maxRedirects) redirects")
    }

    /// What the origin's robots.txt says to us; throws when it forbids the location.
    nonisolated(nonsending) func permission(_ location: Location) async throws(CollectionFailure) -> RobotsRules {
        switch await robots.verdict(for: location) {
        case .rules(let rules):
            guard let line = rules.objection(to: location.pathAndQuery) else { return rules }
            throw CollectionFailure(
                .failedTarget, "robots.txt of \(location.host) forbids \(location.pathAndQuery): \(line)")
        case .failed(let error): throw CollectionFailure(Visitor.blame(error.kind), error.description)
        case .unreachable(let words):
            throw CollectionFailure(
                .failedTarget,
                "robots.txt of \(location.host) could not be read, so nothing is collected there: \(words)")
        }
    }

    static func blame(_ kind: FetchError.Kind) -> Proto.OutcomeKind {
        switch kind {
        case .contactMissing, .stopped: .failedNode
        case .tooLarge: .failedContent
        case .badLocation, .addressRefused, .nameNotResolved, .notConnected, .timedOut, .tooManyRedirects, .tls,
            .brokenAnswer:
            .failedTarget
        }
    }
}
