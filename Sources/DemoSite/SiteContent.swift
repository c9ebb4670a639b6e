package import Model

/// A question to the site, with all that its answer depends on.
package struct SiteRequest: Sendable {
    package var method = "GET"
    /// As the Host header has it; a port is ignored.
    package var host: String
    package var path: String
    /// Names in lower case.
    package var headers: [String: String]
    /// How many times this path of this host has been asked for, this time included.
    package var number: UInt64
    /// Since the site was started.
    package var elapsed: Span

    package init(
        _ host: String, _ path: String, headers: [String: String] = [:], number: UInt64 = 1, elapsed: Span = .zero
    ) {
        self.host = host
        self.path = path
        self.headers = headers
        self.number = number
        self.elapsed = elapsed
    }
}

extension SiteRequest {
    var hostName: String { host.split(separator: ":").first.map { $0.lowercased() } ?? "" }
    var plainPath: String { String(path.prefix { $0 != "?" }) }
}

package struct SiteResponse: Sendable, Equatable {
    package var status: Int
    package var headers: [String: String]
    package var body: [UInt8]
}

/// A small web of several hosts that is the same everywhere: each answer follows from the request alone.
package struct SiteContent: Sendable {
    /// 2025-01-01, when every page was new, in seconds since 1970.
    static let firstDay: UInt64 = 1_735_689_600

    private let pages: [String: SitePage]

    package init() {
        pages = Dictionary(uniqueKeysWithValues: SiteCatalogue.pages.map { ($0.host + $0.path, $0) })
    }

    /// What is worth submitting, as type and location. A page whose own collector is not among `collectors` is given
    /// to `web`, which takes any page.
    package static func targets(
        port: UInt16, collectors: Set<String> = ["web"]
    ) -> [(type: String, location: String)] {
        SiteCatalogue.pages.filter { $0.path != "/robots.txt" && $0.path != "/sitemap.xml" }.map { page in
            let type = collectors.contains(page.collector) ? page.collector : "web"
            return (type, "http://\(page.host):\(port)\(page.path)")
        }
    }

    /// Names the page asked for; nil when there is none, so that nobody can make a list of names grow.
    package func page(of request: SiteRequest) -> String? {
        let name = request.hostName + request.plainPath
        return pages[name] == nil ? nil : name
    }

    package func response(to request: SiteRequest) -> SiteResponse {
        guard request.method == "GET" || request.method == "HEAD" else {
            return text(405, "\(request.method) is not for this site; ask with GET or HEAD", ["Allow": "GET, HEAD"])
        }
        var response = answer(to: request)
        if request.method == "HEAD" {
            response.headers["Content-Length"] = String(response.body.count)
            response.body = []
        }
        return response
    }

    private func answer(to request: SiteRequest) -> SiteResponse {
        let (host, path) = (request.hostName, request.plainPath)
        guard SiteCatalogue.hosts.contains(host) else {
            return text(404, "no site is called \(host); there are: " + SiteCatalogue.hosts.joined(separator: ", "))
        }
        switch pages[host + path]?.answer {
        case .content(let type, let change, let body):
            let revision = change.revision(number: request.number, elapsed: request.elapsed)
            return content(type, body(revision), modified: modified(change, revision), request)
        case .busy(let seconds) where request.number % 3 != 0:
            return text(503, "too busy; come back later", ["Retry-After": String(seconds)])
        case .busy: return text(200, "served at last")
        case .moved(let place): return text(301, "moved to \(place)", ["Location": place])
        case .missing, nil: return text(404, "there is no page \(path)")
        }
    }

    /// Later with each revision, and never in the future by more than the site has run.
    private func modified(_ change: SiteChange, _ revision: UInt64) -> UInt64 {
        if case .everySeconds(let seconds) = change { return SiteContent.firstDay + revision * seconds }
        return SiteContent.firstDay + revision
    }

    private func content(_ type: String, _ body: [UInt8], modified: UInt64, _ request: SiteRequest) -> SiteResponse {
        let tag = "\"\(SiteContent.hash(body))\""
        let date = HTTPDate.text(modified)
        let headers = ["Content-Type": type, "ETag": tag, "Last-Modified": date, "Cache-Control": "no-cache"]
        if isCurrent(tag: tag, date: date, request.headers) {
            return SiteResponse(status: 304, headers: ["ETag": tag, "Last-Modified": date], body: [])
        }
        return SiteResponse(status: 200, headers: headers, body: body)
    }

    /// If-None-Match decides alone where it is given (RFC 9110, 13.2.2).
    private func isCurrent(tag: String, date: String, _ headers: [String: String]) -> Bool {
        guard let known = headers["if-none-match"] else { return headers["if-modified-since"] == date }
        return known.split(separator: ",").contains { candidate in
            let trimmed = candidate.drop { $0 == " " }
            return trimmed == "*" || (trimmed.hasPrefix("W/") ? trimmed.dropFirst(2) : trimmed) == tag
        }
    }

    private func text(_ status: Int, _ sentence: String, _ headers: [String: String] = [:]) -> SiteResponse {
        var headers = headers
        headers["Content-Type"] = "text/plain; charset=utf-8"
        return SiteResponse(status: status, headers: headers, body: Array((sentence + "\n").utf8))
    }

    /// FNV-1a: tells revisions apart, and needs no library.
    private static func hash(_ bytes: [UInt8]) -> String {
        String(bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }, radix: 16)
    }
}
