import Testing
import Wire

@Suite struct WireWorkloadTests {
    @Test func `a workload is the same from the same seed, and of the size asked for`() throws {
        let batch = WireWorkload.batch(count: 3, contentBytes: 100, seed: 4)
        #expect(batch == WireWorkload.batch(count: 3, contentBytes: 100, seed: 4))
        #expect(batch != WireWorkload.batch(count: 3, contentBytes: 100, seed: 5))
        #expect(batch.items.count == 3)
        for item in batch.items {
            guard case .artifact(let artifact)? = item.kind else {
                Issue.record("an item is no artifact")
                continue
            }
            #expect(artifact.content.count == 100)
        }
        #expect(try Proto.IngestBatch(decoding: batch.encoded()) == batch)
    }
}
