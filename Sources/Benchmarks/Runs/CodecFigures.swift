import Model
import Sealing
import Wire

/// Microseconds that a batch of 64 artifacts of a kibibyte takes to encode, to decode, and to hash.
struct CodecFigures {
    var encode: Double
    var decode: Double
    var hash: Double

    private static let rounds = 2_000

    static func measure() throws -> CodecFigures {
        var workload = IngestWorkload()
        workload.bytes = 1_024
        let items = (0..<64).map { Proto.Item(kind: .artifact(workload.artifact($0))) }
        let envelope = Proto.Envelope(
            id: 1, body: .ingestBatch(Proto.IngestBatch(stream: 1, firstSequence: 1, items: items)))
        let frame = try FrameEncoder().encode(envelope)
        let payload = frame[FrameHeader.size...]
        let hasher = try KeyedHash(key: [UInt8](repeating: 3, count: 32), personalisation: "rookery.content.".utf8)
        var sink = 0
        let encode = try time { sink &+= try FrameEncoder().encode(envelope).count }
        let decode = try time {
            if case .ingestBatch(let batch)? = try Proto.Envelope(decoding: payload).body { sink &+= batch.items.count }
        }
        let hash = try time {
            for item in items {
                if case .artifact(let artifact)? = item.kind {
                    sink &+= Int(truncatingIfNeeded: hasher.digest(of: artifact.content).words.0)
                }
            }
        }
        precondition(sink != 0, "the work must not be optimised away")
        return CodecFigures(encode: encode, decode: decode, hash: hash)
    }

    private static func time(_ body: () throws -> Void) throws -> Double {
        let started = SystemTime().now()
        for _ in 0..<rounds { try body() }
        return Double(SystemTime().now().since(started).nanoseconds) / 1_000 / Double(rounds)
    }
}
