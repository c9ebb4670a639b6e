import Fetching
import Model
import Wire

/// Collects for one lease. It is pulled: the next step is asked for when the last one is on disk. It runs on the
/// node's thread, so a step must not block and not compute for long.
protocol Collector: AnyObject {
    /// What the next step found, possibly nothing; nil when there are no more steps.
    nonisolated(nonsending) func next() async throws(CollectionFailure) -> [CollectedItem]?
    /// How it ended; asked for after the last step.
    var result: CollectionResult { get }
    /// Ends whatever it has begun; called in any case, after the last step that is taken.
    nonisolated(nonsending) func close() async
}

extension Collector {
    nonisolated(nonsending) func close() async {}
}

/// A collection that cannot go on.
struct CollectionFailure: Error, Equatable {
    var result: CollectionResult

    init(
        _ kind: Proto.OutcomeKind, _ error: String, status: Int = 0, retryAfter: Model.Span = .zero
    ) {
        result = CollectionResult(kind, error: error, status: UInt32(clamping: status), retryAfter: retryAfter)
    }
}

/// What collectors are given to work with.
struct CollectorTools {
    let visitor: Visitor
    let extraction: Extraction
    let roots: [FileRoot]
    let settings: CollectorSettings
    let time: any TimeSource
    /// The node, as the programs that it starts carry it in their environment.
    var owner = "none"
    /// Tells that a collection gets on though it yields nothing yet.
    var progress: @Sendable () -> Void = {}
    let mark: () -> UInt64
    /// The digest the ledger told for what was yielded with a mark.
    let digest: (UInt64) -> [UInt8]?
}

/// The types of targets this node can collect: a later collector is one more case, in a file of its own.
enum CollectorKind: String, CaseIterable {
    case web
    case crawl
    case documentation
    case feed
    case api
    case dataset
    case exec
    case notebook
    case file

    func collector(for assignment: Proto.Assignment, _ tools: CollectorTools) -> any Collector {
        switch self {
        case .web: WebCollector(assignment, tools)
        case .crawl: CrawlCollector(assignment, tools, isDocumentation: false)
        case .documentation: CrawlCollector(assignment, tools, isDocumentation: true)
        case .feed: FeedCollector(assignment, tools)
        case .api: APICollector(assignment, tools)
        case .dataset: DatasetCollector(assignment, tools)
        case .exec: ExecCollector(assignment, tools)
        case .notebook: NotebookCollector(assignment, tools)
        case .file:
            Options(assignment)["tail"] == nil
                ? FileCollector(assignment, tools) as any Collector : TailCollector(assignment, tools)
        }
    }
}

extension StringMap {
    /// What an artifact may have, with room for `count` keys that its collector adds.
    fileprivate func fitting(beside count: Int) -> StringMap {
        let fitting = filter {
            !$0.key.hasPrefix(Options.prefix) && $0.key.utf8.count <= Limits.maxMetadataKey
                && $0.value.utf8.count <= Limits.maxMetadataValue
        }
        return StringMap(fitting.prefix(Limits.maxMetadataKeys - count).map { (key: $0.key, value: $0.value) })
    }
}

extension Proto.Assignment {
    private static let ownKeys = 24  // at most, of any collector

    /// Content beyond this is not collected.
    var contentLimit: Int { maxBytes == 0 ? Limits.maxContent : Int(min(maxBytes, UInt64(Limits.maxContent))) }

    /// An artifact with the target's own metadata and default scores; what is absent stays absent.
    func artifact(kind: ContentKind, content: [UInt8], from source: String, at wall: WallTime) -> Proto.Artifact {
        let scores = [
            ("confidence", confidence), ("threat_level", threatLevel), ("opportunity_value", opportunityValue),
        ]
        return Proto.Artifact(
            contentType: kind.rawValue, content: content[...], rawSource: source.prefix(utf8: Limits.maxRawSource),
            metadata: metadata.fitting(beside: Proto.Assignment.ownKeys), confidence: confidence,
            threatLevel: threatLevel, opportunityValue: opportunityValue,
            collectedAtMs: wall.milliseconds,
            scoreReasons: scores.filter { $0.1 != nil }.map { "\($0.0): \(ScoreRules.byDefault)" })
    }
}
