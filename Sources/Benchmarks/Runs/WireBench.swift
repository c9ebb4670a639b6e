import Compression
import Model
import Sealing
import Telemetry
import Transport
import Wire

/// The wire by itself: small requests and replies through a real hub, large frames through one connection, and what a
/// batch costs to encode and decode beside what it costs to hash.
package struct WireBench: Sendable {
    package var connections = 4
    package var pairs = 400_000
    package var window = 64
    package var megabytes = 2_000
    package var runs = 3

    package init() {}

    package func run(progress: (String) -> Void) async throws -> String {
        var pairRates: [Double] = []
        var frameRates: [Double] = []
        var codec: [CodecFigures] = []
        for number in 1...runs {
            pairRates.append(try await pairsPerSecond())
            frameRates.append(try await megabytesPerSecond())
            codec.append(try CodecFigures.measure())
            progress(
                "run \(number) of \(runs): \(Int(pairRates[number - 1])) pairs/s, \(Int(frameRates[number - 1])) MB/s")
        }
        var writer = JSONWriter(pretty: true)
        writer.object { writer in
            writer.field("workload", "wire")
            writer.field("connections", connections)
            writer.field("window", window)
            writer.field("runs", runs)
            writer.field("pairs_per_second", median(pairRates))
            writer.field("megabytes_per_second_64k_frames", median(frameRates))
            writer.field("batch_encode_us", median(codec.map(\.encode)))
            writer.field("batch_decode_us", median(codec.map(\.decode)))
            writer.field("batch_hash_us", median(codec.map(\.hash)))
            writer.field("codec_to_hash_ratio", median(codec.map { ($0.encode + $0.decode) / $0.hash }))
        }
        return writer.text
    }

    private func pairsPerSecond() async throws -> Double {
        let scratch = try ScratchDirectory()
        let hub = try HubProcess(directory: scratch.path + "/hub")
        defer { hub.stop() }
        let each = pairs / connections
        let frames = try (1...each).map { number in
            try FrameEncoder().encode(
                Proto.Envelope(
                    id: UInt64(number), body: .ping(Proto.Ping(payload: ArraySlice("0123456789abcdef".utf8)))))
        }
        let plans = (0..<connections).map { number in
            LoadConnection.Plan(role: .operator, name: "load-\(number)", frames: frames, window: window) { envelope in
                if case .pong? = envelope.body { nil } else { "no pong: \(envelope)" }
            }
        }
        let result = try await Load.run(plans, to: hub.address)
        return Double(each * connections) / result.seconds
    }

    // MARK: Large frames

    /// One connection, frames of 64 KiB one way, a short answer to each; a window of 32 keeps the socket full.
    private func megabytesPerSecond() async throws -> Double {
        let loops = try EventLoopGroup(count: 1, name: "sink")
        let context = Connection.Context(compressor: Zstd())
        let listener = try Listener(SocketAddress(host: "127.0.0.1", port: 0), loops: loops, context: context) {
            SinkConnection()
        }
        let payload = ArraySlice<UInt8>(repeating: 7, count: 64 << 10)
        let count = megabytes * 1_000_000 / payload.count
        let frame = try FrameEncoder().encode(Proto.Envelope(id: 1, body: .bookmarkFrame(payload)))
        var frames = Array(repeating: frame, count: count)
        for place in frames.indices { frames[place] = frame }
        let plan = LoadConnection.Plan(role: .node, name: "load", frames: frames, window: 32) { _ in nil }
        let result = try await Load.run([plan], to: listener.address)
        await listener.stop()
        loops.stop()
        return Double(count * payload.count) / result.seconds / 1e6
    }
}

extension Proto.Envelope.Body {
    /// A large body that is decoded without looking into it.
    fileprivate static func bookmarkFrame(_ payload: ArraySlice<UInt8>) -> Proto.Envelope.Body {
        .ingestBatch(Proto.IngestBatch(items: [Proto.Item(kind: .bookmark(Proto.Bookmark(value: payload)))]))
    }
}

/// Decodes what comes and answers each frame in a few bytes.
private final class SinkConnection: FrameHandler {
    private var count: UInt64 = 0

    func received(_ payload: ArraySlice<UInt8>, on connection: isolated Connection) {
        guard let envelope = try? Proto.Envelope(decoding: payload) else { return connection.close(.handler("bench")) }
        let body: Proto.Envelope.Body
        if case .hello = envelope.body {
            connection.setFrameLimit(Limits.maxFrame)
            body = .welcome(Proto.Welcome(version: 1, maxFrame: UInt32(Limits.maxFrame)))
        } else {
            count += 1
            body = .pong(Proto.Pong())
        }
        guard let frame = try? FrameEncoder().encode(Proto.Envelope(inReplyTo: max(1, count), body: body)) else {
            return
        }
        connection.send(frame)
    }

    func closed(_ reason: CloseReason, on connection: isolated Connection) {}
}
