/// The collectors that exist; a target's type names one.
enum TargetType: UInt8, CaseIterable, Sendable {
    case web, crawl, feed, api, dataset, file, documentation, exec, notebook

    /// Nil for a name that no collector has.
    init?(name: String) {
        let canonical = name == "domain" ? "crawl" : name
        guard let type = TargetType.allCases.first(where: { $0.name == canonical }) else { return nil }
        self = type
    }

    var name: String { String(describing: self) }

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
