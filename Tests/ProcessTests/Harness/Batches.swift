import Wire

/// Batches whose every item can be told from its sequence.
enum Batches {
    static func numbered(_ sequences: ClosedRange<UInt64>, stream: UInt64) -> Proto.IngestBatch {
        let items = sequences.map { sequence in
            Proto.Item(
                kind: .artifact(
                    Proto.Artifact(
                        contentType: "text", content: Array("item \(sequence) of \(stream)".utf8)[...],
                        rawSource: source(sequence, stream))))
        }
        return Proto.IngestBatch(stream: stream, firstSequence: sequences.lowerBound, items: items)
    }

    static func source(_ sequence: UInt64, _ stream: UInt64) -> String { "test://\(stream)/\(sequence)" }
}
