import Model

/// When a page's content becomes another.
enum SiteChange: Sendable {
    case never
    case everySeconds(UInt64)
    case everyRequests(UInt64)

    /// Counted from 0; content and validators follow from it alone.
    func revision(number: UInt64, elapsed: Span) -> UInt64 {
        switch self {
        case .never: 0
        case .everySeconds(let seconds): elapsed.milliseconds / 1_000 / seconds
        case .everyRequests(let requests): (max(number, 1) - 1) / requests
        }
    }
}

/// What is answered at a path.
enum SiteAnswer: Sendable {
    case content(type: String, SiteChange, @Sendable (_ revision: UInt64) -> [UInt8])
    case missing
    /// Refused but for every third request, so that whoever heeds Retry-After gets through.
    case busy(retryAfter: Int)
    case moved(to: String)
}

/// One path of one host.
struct SitePage: Sendable {
    let host: String
    let path: String
    /// The collector made for it: web, feed, api, dataset.
    let collector: String
    let answer: SiteAnswer

    init(_ host: String, _ path: String, collector: String = "web", _ answer: SiteAnswer) {
        self.host = host
        self.path = path
        self.collector = collector
        self.answer = answer
    }

    init(
        _ host: String, _ path: String, collector: String = "web", _ type: String, _ change: SiteChange = .never,
        _ body: @escaping @Sendable (_ revision: UInt64) -> [UInt8]
    ) {
        self.init(host, path, collector: collector, .content(type: type, change, body))
    }
}
