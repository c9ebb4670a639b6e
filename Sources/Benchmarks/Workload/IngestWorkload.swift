import Model
package import Wire

/// What an ingest run sends, fixed by its numbers alone.
package struct IngestWorkload: Sendable {
    package var artifacts = 300_000
    package var connections = 4
    package var batch = 64
    package var window = 4
    package var duplicates = 0.2
    package var bytes = 1_000
    /// The number of the first artifact: loads of different numbers share nothing.
    package var first = 0

    package init() {}

    /// How many different artifacts the run holds: the ledger must store exactly as many.
    package func distinct(_ plan: [[Int]]) -> Int { Set(plan.joined()).count }

    /// For each connection the numbers of its artifacts in order. A duplicate repeats a number drawn from all earlier
    /// ones.
    package func plan() -> [[Int]] {
        var random = SeededRandom(seed: 42)
        var next = 0
        var numbers: [Int] = []
        numbers.reserveCapacity(artifacts)
        for _ in 0..<artifacts {
            if next > 0, Double(random.below(1 << 20)) / Double(1 << 20) < duplicates {
                numbers.append(Int(random.below(UInt64(next))))
            } else {
                numbers.append(next)
                next += 1
            }
        }
        return (0..<connections).map { connection in
            stride(from: connection * batch, to: artifacts, by: connections * batch)
                .flatMap { numbers[$0..<min($0 + batch, artifacts)] }
        }
    }

    /// Artifact `number`: the same bytes each time it is asked for.
    package func artifact(_ number: Int) -> Proto.Artifact {
        // Drawn, not counted: neighbouring seeds of the generator give overlapping texts.
        var seeds = SeededRandom(seed: UInt64(number))
        var text = TextGenerator(seed: seeds.next() ^ seeds.next())
        return Proto.Artifact(
            contentType: "text", content: text.text(bytes: bytes)[...],
            rawSource: "http://site\(number % 97).example/articles/\(number)",
            metadata: [
                "collection_method": "web", "domain": "site\(number % 97).example", "source_type": "web",
            ], confidence: 0.5, threatLevel: 2, opportunityValue: 3, collectedAtMs: 1_700_000_000_000)
    }
}
