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
    private var roots: [FileRoot]
    private var marks: UInt64 = 100
    private var digests: [UInt64: [UInt8]] = [:]

    init(allowed: [String] = ["127.0.0.1"], hasContact: Bool = true, roots: [String] = []) throws {
        loop = try EventLoop(name: "bench")
        fetcher = try Fetcher(
            on: loop, rules: AddressRules(allowed: allowed, hasContact: hasContact), time: SystemTime())
        gate = HostGate(on: loop, time: SystemTime())
        self.roots = roots.compactMap { FileRoot($0) }
    }

    /// What the ledger told about what carried this mark.
    func learn(_ digest: [UInt8], of mark: UInt64) { digests[mark] = digest }

    /// Pulls until the end.
    func collect(_ assignment: Proto.Assignment) async -> (items: [CollectedItem], result: CollectionResult) {
        marks += 1
        let tools = CollectorTools(
            fetcher: fetcher, gate: gate, roots: roots, userAgent: "Rookery/test (+ops@example.org)",
            time: SystemTime(), mark: { [marks] in marks }, digest: { [digests] in digests[$0] })
        guard let kind = CollectorKind(rawValue: assignment.type) else { fatalError("no such collector") }
        let collector = kind.collector(for: assignment, tools)
        var items: [CollectedItem] = []
        do throws(CollectionFailure) {
            while let step = try await collector.next() { items += step }
            return (items, collector.result)
        } catch {
            return (items, error.result)
        }
    }

    func close() async {
        await gate.close()
        await fetcher.close()
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
