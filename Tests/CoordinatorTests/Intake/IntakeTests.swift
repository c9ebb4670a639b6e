import Model
import Testing
import Wire

@testable import Coordinator

@Suite struct IntakeTests {
    private let now = WallTime(milliseconds: 1_700_000_000_000)

    private func good() -> Proto.Artifact {
        Proto.Artifact(
            contentType: "text", content: Array("Hello, world".utf8)[...], rawSource: "http://a.example/",
            collectedAtMs: 1_700_000_000_000)
    }

    private func refusal(_ change: (inout Proto.Artifact) -> Void) -> Refusal? {
        var artifact = good()
        change(&artifact)
        return ArtifactRules.check(artifact, now: now)
    }

    @Test func aGoodArtifactPasses() { #expect(ArtifactRules.check(good(), now: now) == nil) }

    @Test func contentTypeMustBeNamed() {
        #expect(
            refusal { $0.contentType = "" }
                == Refusal("content_type", "content_type is missing; name one, such as text, html or json"))
        #expect(refusal { $0.contentType = String(repeating: "x", count: 65) }?.field == "content_type")
    }

    @Test func contentMustSaySomethingAndFit() {
        #expect(
            refusal { $0.content = [] }
                == Refusal("content", "content is empty; send only artifacts that say something"))
        #expect(
            refusal { $0.content = ArraySlice(repeating: 65, count: Limits.maxContent + 1) }
                == Refusal("content", "content has 1048577 bytes; at most 1048576 are accepted"))
        #expect(refusal { $0.content = ArraySlice(repeating: 65, count: Limits.maxContent) } == nil)
    }

    @Test func textMustBeUTF8ButOtherTypesNeedNot() {
        #expect(
            refusal { $0.content = [65, 0xC0, 0x80] }
                == Refusal(
                    "content", "content of type text is not UTF-8 at byte 1; re-encode it or send it as binary"))
        #expect(
            refusal {
                $0.content = [65, 0xC0, 0x80]
                $0.contentType = "binary"
            } == nil)
    }

    @Test(arguments: [Double.nan, .infinity, -0.001, 1.001])
    func confidenceOutOfRangeIsRefused(value: Double) {
        #expect(
            refusal { $0.confidence = value }
                == Refusal("confidence", "confidence is \(value); a number from 0 to 1 is accepted, or none"))
    }

    @Test(arguments: [Double.nan, -1, 10.5])
    func levelsOutOfRangeAreRefused(value: Double) {
        #expect(refusal { $0.threatLevel = value }?.field == "threat_level")
        #expect(refusal { $0.opportunityValue = value }?.field == "opportunity_value")
    }

    @Test func metadataHasItsLimits() {
        #expect(
            refusal { artifact in
                for i in 0..<65 { artifact.metadata["k\(i)"] = "v" }
            } == Refusal("metadata", "metadata has 65 keys; at most 64 are accepted"))
        #expect(
            refusal { $0.metadata[String(repeating: "k", count: 129)] = "v" }
                == Refusal("metadata", "a metadata key has 129 bytes; 1 to 128 are accepted"))
        #expect(
            refusal { $0.metadata["k"] = String(repeating: "v", count: 4_097) }
                == Refusal("metadata", "metadata value of k has 4097 bytes; at most 4096 are accepted"))
    }

    @Test func aClockFarAheadIsRefusedAndOneBehindIsNot() {
        #expect(
            refusal { $0.collectedAtMs += 301_000 }
                == Refusal(
                    "collected_at_ms",
                    "collected_at_ms lies 301 s ahead of the coordinator; "
                        + "at most 300 s are accepted: set the node's clock"
                ))
        #expect(refusal { $0.collectedAtMs = 0 } == nil)
        #expect(refusal { $0.collectedAtMs = .min } == nil)
    }

    // MARK: Batches

    private func intake() throws -> Intake {
        try Intake(
            hasher: IdentityHasher(
                secret: DedupSecret(bytes: Array(repeating: 7, count: 32)), salt: Array(repeating: 1, count: 16)))
    }

    @Test func aBadItemNeverCostsItsBatchMates() throws {
        var bad = good()
        bad.contentType = ""
        let batch = Proto.IngestBatch(
            stream: 1, firstSequence: 1,
            items: [
                Proto.Item(kind: .artifact(good())), Proto.Item(kind: .artifact(bad)), Proto.Item(),
                Proto.Item(lease: 1, kind: .artifact(good())),
            ])
        let prepared = try intake().prepare(batch, node: "n", now: now)
        let refused = prepared.items.map { item -> String? in
            if case .refused(let refusal) = item.kind { refusal.field } else { nil }
        }
        #expect(refused == [nil, "content_type", "kind", "lease"])
    }

    @Test func aBatchWithoutStreamSequenceOrItemsIsRefusedByField() throws {
        let item = Proto.Item(kind: .artifact(good()))
        func refusal(_ batch: Proto.IngestBatch) throws -> String? {
            let intake = try intake()
            do throws(Refusal) {
                _ = try intake.prepare(batch, node: "n", now: now)
                return nil
            } catch {
                return error.field
            }
        }
        #expect(try refusal(Proto.IngestBatch(stream: 0, firstSequence: 1, items: [item])) == "stream")
        #expect(try refusal(Proto.IngestBatch(stream: 1, firstSequence: 0, items: [item])) == "first_sequence")
        #expect(try refusal(Proto.IngestBatch(stream: 1, firstSequence: .max, items: [item])) == "first_sequence")
        #expect(try refusal(Proto.IngestBatch(stream: 1, firstSequence: 1)) == "items")
        #expect(
            try refusal(
                Proto.IngestBatch(
                    stream: 1, firstSequence: 1, items: Array(repeating: item, count: Limits.maxBatch + 1))) == "items")
    }
}
