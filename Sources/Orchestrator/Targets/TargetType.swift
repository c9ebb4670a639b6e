/// The collectors that exist; a target's type names one.
enum TargetType: String, CaseIterable, Sendable {
    case web, crawl, feed, api, dataset, file, documentation, exec, notebook

    /// Nil for a name that no collector has.
    init?(name: String) { self.init(rawValue: name == "domain" ? "crawl" : name) }

    var name: String { rawValue }

    /// Its locations belong to a host: which one is part of the target's identity.
    var belongsToHost: Bool {
        switch self {
        case .file, .exec, .notebook: true
        case .web, .crawl, .feed, .api, .dataset, .documentation: false
        }
    }

    /// Its locations are always http or https URLs; a data set may be a path too.
    var needsURL: Bool {
        switch self {
        case .web, .crawl, .feed, .api, .documentation: true
        case .dataset, .file, .exec, .notebook: false
        }
    }

    static let names = "web, crawl, feed, api, dataset, file, documentation, exec, notebook"
}
