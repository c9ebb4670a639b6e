import Coordinator
import Model
import Sealing
import Telemetry
import Wire

/// How long the best 1,000 take out of a ranking that was filled as commits fill it.
package struct PrioritiesBench: Sendable {
    package var artifacts = 1_000_000
    package var nodes = 100
    package var runs = 3

    private static let begin: Int64 = 1_700_000_000_000  // ms

    package init() {}

    package func run() -> String {
        var ranking = Ranking()
        let started = SystemTime().now()
        fill(&ranking)
        let filling = SystemTime().now().since(started).seconds
        let now = WallTime(milliseconds: PrioritiesBench.begin + Int64(artifacts))
        let believed = Dictionary(uniqueKeysWithValues: (0..<nodes).map { ("n-\($0)", 0.1 + Double($0 % 80) / 100) })
        var times: [Double] = []
        var found = 0
        for _ in 0..<runs {
            let asked = SystemTime().now()
            found = ranking.top(1_000, at: now) { believed[$0] ?? 0.5 }.count
            times.append(SystemTime().now().since(asked).seconds * 1_000)
        }
        var writer = JSONWriter(pretty: true)
        writer.object { writer in
            writer.field("workload", "priorities")
            writer.field("artifacts", artifacts)
            writer.field("nodes", nodes)
            writer.field("candidates", ranking.lists.values.reduce(0) { $0 + $1.heap.count })
            writer.field("runs", runs)
            writer.field("found", found)
            writer.field("top_1000_ms", median(times))
            writer.field("ranked_per_second", Double(artifacts) / filling)
        }
        return writer.text
    }

    private func fill(_ ranking: inout Ranking) {
        var random = SeededRandom(seed: 1)
        let names = (0..<nodes).map { "n-\($0)" }
        for number in 0..<artifacts {
            let at = WallTime(milliseconds: PrioritiesBench.begin + Int64(number))
            let digest = Digest(words: (UInt64(number), 0, 0, 0))
            ranking.stored(
                StoredChange(
                    id: UInt64(number) + 1, digest: digest, contentDigest: digest,
                    node: names[Int(random.below(UInt64(nodes)))], lease: 0, receivedAt: at, collectedAt: at,
                    contentType: "text", contentLength: 1, rawSource: "", metadata: StringMap(),
                    confidence: Double(random.below(1_000)) / 1_000, threatLevel: Double(random.below(100)) / 10,
                    opportunityValue: Double(random.below(100)) / 10, signals: StringMap()))
            if number % 4_096 == 0 { ranking.settled() }
        }
        ranking.settled()
    }
}
