import Fetching
import Model
import Synchronization
import Transport
import Wire

@testable import Node

/// An actor on a loop, to run collectors on: they want an owner that does not change.
actor Bench {
    nonisolated let loop: EventLoop
    nonisolated let fetcher: Fetcher
    nonisolated let gate: HostGate
    nonisolated let robots: RobotsBook
    nonisolated let extraction: Extraction
    private static let userAgent = "Rookery/test (+ops@example.org)"
    private var roots: [FileRoot]
    private let settings: CollectorSettings
    private var marks: UInt64 = 100
    private var digests: [UInt64: [UInt8]] = [:]

    init(
        allowed: [String] = ["127.0.0.1"], hasContact: Bool = true, roots: [String] = [],
        settings: CollectorSettings = CollectorSettings()
    ) throws {
        self.settings = settings
        loop = try EventLoop(name: "bench")
        fetcher = try Fetcher(
            on: loop, rules: AddressRules(allowed: allowed, hasContact: hasContact), time: SystemTime())
        gate = HostGate(on: loop, time: SystemTime())
        robots = RobotsBook(fetcher, userAgent: Bench.userAgent, time: SystemTime())
        extraction = try Extraction()
        self.roots = roots.compactMap { FileRoot($0) }
    }

    /// What the ledger told about what carried this mark.
    func learn(_ digest: [UInt8], of mark: UInt64) { digests[mark] = digest }

    /// The address that the last collection's host was resolved to; the results below leave it out.
    private(set) var lastAddress = ""
    private(set) var lastHosts: [Proto.HostReport] = []

    /// Pulls until the end.
    func collect(_ assignment: Proto.Assignment) async -> (items: [CollectedItem], result: CollectionResult) {
        marks += 1
        let tools = CollectorTools(
            visitor: Visitor(
                fetcher: fetcher, gate: gate, robots: robots, userAgent: Bench.userAgent, time: SystemTime(),
                budget: { Proto.HostBudget(host: $0, concurrency: 4) }),
            extraction: extraction, roots: roots, settings: settings, time: SystemTime(), mark: { [marks] in marks },
            digest: { [digests] in digests[$0] })
        guard let kind = CollectorKind(rawValue: assignment.type) else { fatalError("no such collector") }
        let collector = kind.collector(for: assignment, tools)
        var items: [CollectedItem] = []
        var result: CollectionResult
        do throws(CollectionFailure) {
            while let step = try await collector.next() { items += step }
            result = collector.result
        } catch {
            result = error.result
        }
        await collector.close()
        lastAddress = result.address
        lastHosts = result.hosts
        result.keep(hosts: [])
        result.address = ""
        return (items, result)
    }

    func close() async {
        await gate.close()
        await robots.close()
        await fetcher.close()
        extraction.close()
    }
}

extension Array where Element == CollectedItem {
    var artifacts: [Proto.Artifact] { compactMap { if case .artifact(let artifact, _) = $0 { artifact } else { nil } } }
    var bookmark: [UInt8]? { compactMap { if case .bookmark(let value) = $0 { value } else { nil } }.last }
    var unchanged: [[UInt8]] {
        compactMap { if case .unchanged(let unchanged, _) = $0 { [UInt8](unchanged.digest) } else { nil } }
    }
    var texts: [String] { artifacts.map { String(decoding: $0.content, as: UTF8.self) } }
}
