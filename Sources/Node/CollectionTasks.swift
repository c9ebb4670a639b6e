import Fetching
import Model
import Wire

/// The running collectors, one task each, pulled one step at a time. It belongs to the node's thread.
final class CollectionTasks {
    private struct Running {
        let type: String
        let location: String
        let task: Task<Void, Never>
        let pulls: AsyncStream<Void>.Continuation
        var isDone = false
    }

    private let tools: CollectorTools
    private let yield: @Sendable (NodeInput) -> Void
    private var running: [UInt64: Running] = [:]
    /// Stopped, and not yet through with what they must end.
    private var ending: [UInt64: Task<Void, Never>] = [:]

    init(tools: CollectorTools, yield: @escaping @Sendable (NodeInput) -> Void) {
        self.tools = tools
        self.yield = yield
    }

    func start(_ assignment: Proto.Assignment, on service: isolated NodeService) {
        let lease = assignment.lease
        guard let kind = CollectorKind(rawValue: assignment.type) else {
            let words = "this node has no collector of type \"\(assignment.type)\""
            return yield(.finished(lease: lease, CollectionResult(.failedNode, error: words)))
        }
        let (pulls, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let task = Task {
            _ = service
            await collect(assignment, kind, pulls)
        }
        running[lease] = Running(
            type: assignment.type, location: assignment.location, task: task, pulls: continuation)
    }

    private nonisolated(nonsending) func collect(
        _ assignment: Proto.Assignment, _ kind: CollectorKind, _ pulls: AsyncStream<Void>
    ) async {
        let lease = assignment.lease
        var tools = tools
        tools.progress = { [yield] in yield(.progressed(lease: lease)) }
        let collector = kind.collector(for: assignment, tools)
        do throws(CollectionFailure) {
            for await _ in pulls {
                guard let items = try await collector.next().map(scored) else {
                    yield(.finished(lease: lease, collector.result))
                    break
                }
                yield(.yielded(lease: lease, items: items))
            }
        } catch {
            var result = error.result
            result.keep(hosts: collector.result.hosts)
            yield(.finished(lease: lease, result))
        }
        await collector.close()
        running[lease]?.isDone = true
        ending[lease] = nil
    }

    /// The node's rules come after the target's defaults; what a program said of its own artifact stays.
    private nonisolated func scored(_ items: [CollectedItem]) -> [CollectedItem] {
        let rules = tools.settings.rules
        guard !rules.rules.isEmpty else { return items }
        return items.map { item in
            guard case .artifact(var artifact, let mark) = item else { return item }
            rules.apply(to: &artifact)
            return .artifact(artifact, mark: mark)
        }
    }

    /// What a running collection collects.
    func what(_ lease: UInt64) -> (type: String, location: String)? {
        running[lease].map { ($0.type, $0.location) }
    }

    func resume(_ lease: UInt64) { running[lease]?.pulls.yield() }

    func stop(_ lease: UInt64) {
        guard let ended = running.removeValue(forKey: lease) else { return }
        if !ended.isDone { ending[lease] = ended.task }
        ended.pulls.finish()
        ended.task.cancel()
    }

    /// Ends everything that uses the loop; must be called before the loop stops.
    nonisolated(nonsending) func close() async {
        for lease in Array(running.keys) { stop(lease) }
        await tools.visitor.gate.close()
        await tools.visitor.robots.close()
        await tools.visitor.fetcher.close()
        for task in Array(ending.values) { await task.value }
        tools.extraction.close()
    }
}
