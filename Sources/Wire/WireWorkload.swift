import Model

/// Messages as a busy fleet sends them, from a seed: for benchmarks and fuzzing.
package enum WireWorkload {
    /// A batch of artifacts whose content is `contentBytes` of words.
    package static func batch(count: Int, contentBytes: Int, seed: UInt64) -> Proto.IngestBatch {
        var random = SeededRandom(seed: seed)
        let lease = Proto.LeaseRef(
            lease: 7, target: random.bytes(16)[...], fence: Proto.Fence(incarnation: 1, counter: 42))
        let items = (0..<count).map { number in
            let artifact = Proto.Artifact(
                contentType: "text/html", content: words(contentBytes, &random),
                rawSource: "https://www.example.org/articles/\(number)",
                metadata: ["etag": "\"\(random.next())\"", "title": "Report number \(number)"],
                confidence: 0.75, collectedAtMs: 1_700_000_000_000 + Int64(number))
            return Proto.Item(lease: 1, kind: .artifact(artifact))
        }
        return Proto.IngestBatch(stream: random.next(), firstSequence: 1, items: items, leases: [lease])
    }

    private static func words(_ count: Int, _ random: inout SeededRandom) -> ArraySlice<UInt8> {
        var text: [UInt8] = []
        text.reserveCapacity(count)
        while text.count < count {
            let letter = UInt8(truncatingIfNeeded: random.below(26)) + UInt8(ascii: "a")
            text.append(random.oneIn(6) ? UInt8(ascii: " ") : letter)
        }
        return text[...]
    }
}
